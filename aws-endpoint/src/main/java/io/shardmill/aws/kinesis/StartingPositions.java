package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.oneOf;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the positions of Kinesis's five types into absolute ones. Thread-safe. */
final class StartingPositions {

    private static final List<String> TYPES =
            List.of("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP");

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;

    StartingPositions(EmbeddedStreams streams, StreamNames names, Clock clock) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
    }

    /** Defines the member that says a type. */
    static Member<String> type(String name) {
        return Member.text(name, oneOf(TYPES));
    }

    /**
     * A position as a request says it.
     *
     * @param action the operation's name, for messages
     * @param type of {@link #type}
     */
    record RequestedPosition(
            String action,
            String type,
            @Nullable String sequenceNumber,
            @Nullable Instant timestamp) {}

    /** @throws AwsException if it is no place in this shard */
    Position position(String stream, String shardId, RequestedPosition requested) {
        return switch (requested.type()) {
            case "AT_TIMESTAMP" -> Position.atTimestamp(timestamp(requested));
            case "AT_SEQUENCE_NUMBER" -> Position.at(number(stream, shardId, requested));
            case "AFTER_SEQUENCE_NUMBER" -> Position.after(number(stream, shardId, requested));
            case "LATEST" -> {
                requireNoNumber(requested);
                yield streams.latest(stream, shardId);
            }
            default -> {
                requireNoNumber(requested);
                yield Position.trimHorizon();
            }
        };
    }

    private Instant timestamp(RequestedPosition requested) {
        Instant timestamp = requested.timestamp();
        if (timestamp == null) {
            throw KinesisErrors.invalidArgument(
                    "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.");
        }
        if (timestamp.isAfter(clock.instant())) {
            throw KinesisErrors.invalidArgument(
                    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: "
                            + timestamp.toEpochMilli() + ", currentTimestampInMillis: " + clock.millis());
        }
        return timestamp;
    }

    private SequenceNumber number(String stream, String shardId, RequestedPosition requested) {
        String text = requested.sequenceNumber();
        if (text == null) {
            throw mustSpecify(requested, "no");
        }
        SequenceNumber number;
        try {
            number = SequenceNumber.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalidNumber(stream, shardId, requested, ".");
        }
        String holder = streams.find(stream)
                .flatMap(source -> source.shardHolding(number))
                .orElseThrow(
                        () -> invalidNumber(stream, shardId, requested, " because it did not come from this stream."));
        if (!holder.equals(shardId)) {
            throw KinesisErrors.invalidArgument("Invalid StartingSequenceNumber. It encodes " + holder
                    + ", while it was used in a call to a shard with " + shardId);
        }
        return number;
    }

    private AwsException invalidNumber(String stream, String shardId, RequestedPosition requested, String why) {
        return KinesisErrors.invalidArgument("StartingSequenceNumber " + requested.sequenceNumber() + " used in "
                + requested.action() + " on shard " + shardId + " in stream " + stream + " under account "
                + names.account() + " is invalid" + why);
    }

    private static void requireNoNumber(RequestedPosition requested) {
        if (requested.sequenceNumber() != null) {
            throw mustSpecify(requested, "also a");
        }
    }

    private static AwsException mustSpecify(RequestedPosition requested, String what) {
        return KinesisErrors.invalidArgument(
                "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or"
                        + " (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified "
                        + requested.type() + " and " + what + " StartingSequenceNumber.");
    }
}
