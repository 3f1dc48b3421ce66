package io.shardmill.poller.control;

import io.shardmill.function.SequenceNumber;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** From where a mapping is to deliver again. */
public sealed interface Replay {

    /** All the stream keeps. */
    record FromTrimHorizon() implements Replay {
        @Override
        public String asText() {
            return toString();
        }

        @Override
        public String toString() {
            return "TRIM_HORIZON";
        }
    }

    /** What arrived at or after the time, which must have come. */
    record FromTimestamp(Instant timestamp) implements Replay {
        @Override
        public void requirePossible(Instant now) {
            if (timestamp.isAfter(now)) {
                throw new IllegalArgumentException("a replay from " + timestamp + " is not possible: it is "
                        + now.truncatedTo(ChronoUnit.SECONDS) + ", and what arrives until then would be skipped");
            }
        }

        @Override
        public String asText() {
            return timestamp.toString();
        }

        @Override
        public String toString() {
            return "AT_TIMESTAMP " + timestamp;
        }
    }

    /** The shard that holds the number from there on, its descendants from their beginning; other shards are left as they are. */
    record FromSequenceNumber(SequenceNumber number) implements Replay {
        @Override
        public String asText() {
            return number.toString();
        }

        @Override
        public String toString() {
            return "AT_SEQUENCE_NUMBER " + number;
        }
    }

    /**
     * Whether there can be such a place, whatever the stream.
     *
     * @throws IllegalArgumentException if there can't; the message says why
     */
    default void requirePossible(Instant now) {}

    /** Writes it as {@link #parse} reads it. */
    String asText();

    /**
     * Reads what a user writes: {@code TRIM_HORIZON}, a time such as {@code 2026-11-23T10:15:30Z}, or a sequence number.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Replay parse(String text) {
        if (text.equalsIgnoreCase("TRIM_HORIZON") || text.equalsIgnoreCase("trim-horizon")) {
            return new FromTrimHorizon();
        }
        if (text.matches("[0-9]+(:[0-9]+)?")) {
            return new FromSequenceNumber(SequenceNumber.parse(text));
        }
        try {
            return new FromTimestamp(Instant.parse(text));
        } catch (java.time.format.DateTimeParseException notATime) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no place to replay from: it must be TRIM_HORIZON, a time such as"
                            + " 2026-11-23T10:15:30Z, or a record's sequence number",
                    notATime);
        }
    }
}
