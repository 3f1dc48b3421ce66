package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in a shard a request wants to begin: Kinesis's five types, made absolute. Thread-safe. */
final class StartingPositions {

    static final List<String> TYPES =
            List.of("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP");

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;

    StartingPositions(EmbeddedStreams streams, StreamNames names, Clock clock) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
    }

    /**
     * What a request says.
     *
     * @param type one of {@link #TYPES}
     * @param action how the request is called in messages
     */
    record Wanted(
            String action,
            String type,
            @Nullable String sequenceNumber,
            @Nullable Instant timestamp) {}

    /** @throws KinesisException if it is no place in this shard */
    Position position(String stream, String shardId, Wanted wanted) {
        return switch (wanted.type()) {
            case "AT_TIMESTAMP" -> Position.atTimestamp(timestamp(wanted));
            case "AT_SEQUENCE_NUMBER" -> Position.at(number(stream, shardId, wanted));
            case "AFTER_SEQUENCE_NUMBER" -> Position.after(number(stream, shardId, wanted));
            case "LATEST" -> {
                requireNoNumber(wanted);
                yield streams.latest(stream, shardId);
            }
            default -> {
                requireNoNumber(wanted);
                yield Position.trimHorizon();
            }
        };
    }

    private Instant timestamp(Wanted wanted) {
        Instant timestamp = wanted.timestamp();
        if (timestamp == null) {
            throw KinesisException.invalidArgument(
                    "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current value is null.");
        }
        if (timestamp.isAfter(clock.instant())) {
            throw KinesisException.invalidArgument(
                    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: "
                            + timestamp.toEpochMilli() + ", currentTimestampInMillis: " + clock.millis());
        }
        return timestamp;
    }

    private SequenceNumber number(String stream, String shardId, Wanted wanted) {
        String text = wanted.sequenceNumber();
        if (text == null) {
            throw mustSpecify(wanted, "no");
        }
        SequenceNumber number;
        try {
            number = SequenceNumber.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalidNumber(stream, shardId, wanted, ".");
        }
        String holder = streams.find(stream)
                .flatMap(source -> source.shardHolding(number))
                .orElseThrow(
                        () -> invalidNumber(stream, shardId, wanted, " because it did not come from this stream."));
        if (!holder.equals(shardId)) {
            throw KinesisException.invalidArgument("Invalid StartingSequenceNumber. It encodes " + holder
                    + ", while it was used in a call to a shard with " + shardId);
        }
        return number;
    }

    private KinesisException invalidNumber(String stream, String shardId, Wanted wanted, String why) {
        return KinesisException.invalidArgument("StartingSequenceNumber " + wanted.sequenceNumber() + " used in "
                + wanted.action() + " on shard " + shardId + " in stream " + stream + " under account "
                + names.account() + " is invalid" + why);
    }

    private static void requireNoNumber(Wanted wanted) {
        if (wanted.sequenceNumber() != null) {
            throw mustSpecify(wanted, "also a");
        }
    }

    private static KinesisException mustSpecify(Wanted wanted, String what) {
        return KinesisException.invalidArgument(
                "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or"
                        + " (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified "
                        + wanted.type() + " and " + what + " StartingSequenceNumber.");
    }
}
