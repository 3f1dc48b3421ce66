package io.shardmill.kinesis;

/** What becomes of records that the Kinesis Producer Library has packed into one. */
public enum Deaggregation {
    /** As Lambda does (spec 2.2): unpacked for a consumer, delivered as they are when the stream is polled. */
    AS_LAMBDA,
    ALWAYS,
    NEVER;

    boolean applies(boolean isFanOut) {
        return this == ALWAYS || (this == AS_LAMBDA && isFanOut);
    }
}
