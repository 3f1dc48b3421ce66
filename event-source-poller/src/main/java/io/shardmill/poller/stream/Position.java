package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import java.time.Instant;

/** An absolute place in a shard. */
public sealed interface Position {

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

    /** The record with this number, or the next after it. */
    record At(SequenceNumber number) implements Position {
        @Override
        public String toString() {
            return "AT_SEQUENCE_NUMBER " + number;
        }
    }

    /** The first record after this number. */
    record After(SequenceNumber number) implements Position {
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
