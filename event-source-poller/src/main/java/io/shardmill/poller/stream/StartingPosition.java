package io.shardmill.poller.stream;

import java.time.Instant;

/** Where a mapping begins on a stream it sees for the first time (Lambda's {@code StartingPosition}). */
public sealed interface StartingPosition {

    /** The oldest record the stream keeps. */
    record TrimHorizon() implements StartingPosition {
        @Override
        public String toString() {
            return "TRIM_HORIZON";
        }
    }

    /** The next record that is put. */
    record Latest() implements StartingPosition {
        @Override
        public String toString() {
            return "LATEST";
        }
    }

    /** The first record that arrived at or after the time; the oldest one if that is later. */
    record AtTimestamp(Instant timestamp) implements StartingPosition {
        @Override
        public String toString() {
            return "AT_TIMESTAMP " + timestamp;
        }
    }
}
