package io.shardmill.poller.internal.shard;

/** The outcome of sending a discarded batch to a destination. */
public sealed interface SendOutcome {

    SendOutcome DELIVERED = new Delivered();

    record Delivered() implements SendOutcome {}

    /** The destination refused the batch, whose records are dropped (spec case 79). */
    record Refused(Throwable cause) implements SendOutcome {}

    /** It could not be sent now, for a reason that is Shardmill's: it is sent again after a while. */
    record NotSent(String reason) implements SendOutcome {}
}
