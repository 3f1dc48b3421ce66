package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.oneOf;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes a stream's retention, its mode, and how large its records may be. */
final class StreamChanges {

    private static final int MIN_HOURS = 24;
    private static final int MAX_HOURS = 8_760;

    private static final Member<Integer> HOURS = Member.integer("RetentionPeriodHours");
    private static final Member<String> MODE = Member.text(
            "StreamMode",
            oneOf(Arrays.stream(StreamMode.values()).map(StreamMode::name).toList()));
    static final Member<Members> MODE_DETAILS = Member.structure("StreamModeDetails", Shape.of(MODE.required()));
    private static final Shape RETENTION =
            Shape.of(HOURS.required(), KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);
    private static final Shape UPDATE_MODE = Shape.of(KinesisMembers.STREAM_ARN.required(), MODE_DETAILS.required());
    private static final Shape UPDATE_RECORD_SIZE =
            Shape.of(KinesisMembers.MAX_RECORD_SIZE.required(), KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);

    private final EmbeddedStreams streams;
    private final StreamNames names;

    StreamChanges(EmbeddedStreams streams, StreamNames names) {
        this.streams = streams;
        this.names = names;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation("IncreaseStreamRetentionPeriod", RETENTION, this::increaseRetention),
                Action.operation("DecreaseStreamRetentionPeriod", RETENTION, this::decreaseRetention),
                Action.operation("UpdateStreamMode", UPDATE_MODE, this::updateMode),
                Action.operation("UpdateMaxRecordSize", UPDATE_RECORD_SIZE, this::updateMaxRecordSize));
    }

    /** Also from less than a day, which only a stream that is configured in the application has. */
    private void increaseRetention(Members request, ResponseWriter response) {
        String name = names.existing(request).name();
        int hours = hours(request);
        streams.updateRetention(name, current -> {
            if (Duration.ofHours(hours).compareTo(current) < 0) {
                throw notThisWay(name, current, hours, "shorter", "Decrease");
            }
            return Duration.ofHours(hours);
        });
    }

    private void decreaseRetention(Members request, ResponseWriter response) {
        String name = names.existing(request).name();
        int hours = hours(request);
        streams.updateRetention(name, current -> {
            if (Duration.ofHours(hours).compareTo(current) > 0) {
                throw notThisWay(name, current, hours, "longer", "Increase");
            }
            return Duration.ofHours(hours);
        });
    }

    private static int hours(Members request) {
        int hours = request.require(HOURS);
        if (hours < MIN_HOURS) {
            throw KinesisErrors.invalidArgument("Minimum allowed retention period is " + MIN_HOURS
                    + " hours. Requested retention period (" + hours + " hours) is too short.");
        }
        if (hours > MAX_HOURS) {
            throw KinesisErrors.invalidArgument("Maximum allowed retention period is " + MAX_HOURS
                    + " hours. Requested retention period (" + hours + " hours) is too long.");
        }
        return hours;
    }

    private static AwsException notThisWay(
            String stream, Duration current, int hours, String comparison, String other) {
        return KinesisErrors.invalidArgument("Requested retention period (" + hours + " hours) for stream "
                + stream + " can not be " + comparison + " than existing retention period ("
                + StreamDescriptions.hours(current) + " hours). Use " + other + "RetentionPeriod API.");
    }

    private void updateMode(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(names.nameIn(request.require(KinesisMembers.STREAM_ARN)));
        streams.updateMode(stream.name(), StreamMode.valueOf(String.valueOf(mode(request))));
    }

    /** Returns the mode that a request asks for; null if it doesn't. */
    static @Nullable String mode(Members request) {
        Members details = request.get(MODE_DETAILS);
        return details == null ? null : details.get(MODE);
    }

    private void updateMaxRecordSize(Members request, ResponseWriter response) {
        streams.updateMaxRecordBytes(
                names.existing(request).name(), request.require(KinesisMembers.MAX_RECORD_SIZE) << 10);
    }
}
