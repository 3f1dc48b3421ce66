package io.shardmill.poller.shard;

/** What a destination made of a batch. */
public sealed interface SendOutcome {

    SendOutcome DELIVERED = new Delivered();

    record Delivered() implements SendOutcome {}

    /** It did not take the batch, whose records are dropped (spec case 79). */
    record Refused(Throwable cause) implements SendOutcome {}

    /** Shardmill itself failed, most likely for lack of memory: it is sent again after a while. */
    record NotSent(String reason) implements SendOutcome {}
}
