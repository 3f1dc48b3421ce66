package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import java.time.Instant;

/** An absolute place in a shard. */
public sealed interface Position {

    /** Returns whether reading from here leaves out a record with this number. A time leaves none out by its number. */
    default boolean isPast(SequenceNumber number) {
        return false;
    }

    /** The shard's oldest record. */
    record TrimHorizon() implements Position {
        @Override
        public String toString() {
            return "TRIM_HORIZON";
        }
    }

    /** The first record that arrived at or after the time. */
    record AtTimestamp(Instant timestamp) implements Position {
        @Override
        public String toString() {
            return "AT_TIMESTAMP " + timestamp;
        }
    }

    /** The record with this number, or all that was unpacked from it, or the next after it. */
    record At(SequenceNumber number) implements Position {
        @Override
        public boolean isPast(SequenceNumber other) {
            boolean isWhole = number.subSequence() == 0;
            return number.isAfter(isWhole ? other.withSubSequence(0) : other);
        }

        @Override
        public String toString() {
            return "AT_SEQUENCE_NUMBER " + number;
        }
    }

    /** The first record after this number. Behind a part of a record, that is the whole of it where it isn't unpacked. */
    record After(SequenceNumber number) implements Position {
        @Override
        public boolean isPast(SequenceNumber other) {
            return !other.isAfter(number);
        }

        @Override
        public String toString() {
            return "AFTER_SEQUENCE_NUMBER " + number;
        }
    }

    static Position trimHorizon() {
        return new TrimHorizon();
    }

    static Position atTimestamp(Instant timestamp) {
        return new AtTimestamp(timestamp);
    }

    static Position at(SequenceNumber number) {
        return new At(number);
    }

    static Position after(SequenceNumber number) {
        return new After(number);
    }
}
