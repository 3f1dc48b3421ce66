package io.shardmill.function;

/** What became of one entry of a {@link StreamWriter#putAll}. */
public sealed interface PutResult {

    /** The record is in the stream, as durable as the stream promises. */
    record Stored(Shard shard, SequenceNumber sequenceNumber) implements PutResult {}

    /**
     * The record is not in the stream.
     *
     * @param errorCode as Kinesis names it, such as {@code InvalidArgumentException}
     * @param message what was wrong, with the rule that was broken
     */
    record Rejected(String errorCode, String message) implements PutResult {}
}
