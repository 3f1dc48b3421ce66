package io.shardmill.poller.control;

import io.shardmill.function.SequenceNumber;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** The position from which a mapping delivers again. */
public sealed interface Replay {

    /** Everything that the stream keeps. */
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

    /** Everything that arrived at or after the time, which must not be in the future. */
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

    /** The shard that holds the number from there on, and its descendants from their beginning; other shards are not replayed. */
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
     * Checks that this position is valid for any stream.
     *
     * @throws IllegalArgumentException if it is not; the message says why
     */
    default void requirePossible(Instant now) {}

    /** Returns the text that {@link #parse} reads. */
    String asText();

    /**
     * Parses {@code TRIM_HORIZON}, a time such as {@code 2026-11-23T10:15:30Z}, or a sequence number.
     *
     * @throws IllegalArgumentException if the text is none of these
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
        } catch (DateTimeParseException notATime) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no place to replay from: it must be TRIM_HORIZON, a time such as"
                            + " 2026-11-23T10:15:30Z, or a record's sequence number",
                    notATime);
        }
    }
}
