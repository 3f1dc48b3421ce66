package io.shardmill.poller.stream;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a mapping begins on a stream it sees for the first time (Lambda's {@code StartingPosition}). */
public sealed interface StartingPosition {

    /** As Lambda names it: {@code TRIM_HORIZON}, {@code LATEST} or {@code AT_TIMESTAMP}. */
    String type();

    /**
     * The position of that {@link #type}.
     *
     * @param timestamp required for {@code AT_TIMESTAMP}
     * @throws IllegalArgumentException if there is no such type
     */
    static StartingPosition of(String type, @Nullable Instant timestamp) {
        return switch (type) {
            case "TRIM_HORIZON" -> new TrimHorizon();
            case "LATEST" -> new Latest();
            case "AT_TIMESTAMP" -> new AtTimestamp(Objects.requireNonNull(timestamp, "timestamp"));
            default ->
                throw new IllegalArgumentException(
                        "starting position '" + type + "' must be TRIM_HORIZON, LATEST or AT_TIMESTAMP");
        };
    }

    /** The oldest record the stream keeps. */
    record TrimHorizon() implements StartingPosition {
        @Override
        public String type() {
            return "TRIM_HORIZON";
        }

        @Override
        public String toString() {
            return type();
        }
    }

    /** The next record that is put. */
    record Latest() implements StartingPosition {
        @Override
        public String type() {
            return "LATEST";
        }

        @Override
        public String toString() {
            return type();
        }
    }

    /** The first record that arrived at or after the time; the oldest one if that is later. */
    record AtTimestamp(Instant timestamp) implements StartingPosition {
        @Override
        public String type() {
            return "AT_TIMESTAMP";
        }

        @Override
        public String toString() {
            return type() + " " + timestamp;
        }
    }
}
