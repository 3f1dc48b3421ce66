package io.shardmill.kinesis;

import io.shardmill.function.SequenceNumber;

/** Sequence numbers as Kinesis writes them. */
final class Numbers {

    private Numbers() {}

    /** Returns the number of the record that is stored: the one itself, or the aggregated one that it came in. */
    static String outer(SequenceNumber number) {
        return number.withSubSequence(0).toString();
    }
}
