package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be changed about a stream: its retention, its mode, and how large its records may be. */
final class StreamChanges {

    static final int MIN_RECORD_KIB = 1024;
    static final int MAX_RECORD_KIB = 10_240;

    private static final int MIN_HOURS = 24;
    private static final int MAX_HOURS = 8_760;
    private static final List<String> MODES =
            Arrays.stream(StreamMode.values()).map(StreamMode::name).toList();

    private final EmbeddedStreams streams;
    private final StreamNames names;

    StreamChanges(EmbeddedStreams streams, StreamNames names) {
        this.streams = streams;
        this.names = names;
    }

    /** Also from less than a day, which only a stream that is configured in the application has. */
    void increaseRetention(Members request, Reply reply) {
        int hours = hours(request);
        String name = names.existing(request).name();
        streams.updateRetention(name, current -> {
            if (Duration.ofHours(hours).compareTo(current) < 0) {
                throw notThisWay(name, current, hours, "shorter", "Decrease");
            }
            return retention(hours);
        });
    }

    void decreaseRetention(Members request, Reply reply) {
        int hours = hours(request);
        String name = names.existing(request).name();
        streams.updateRetention(name, current -> {
            if (Duration.ofHours(hours).compareTo(current) > 0) {
                throw notThisWay(name, current, hours, "longer", "Increase");
            }
            return retention(hours);
        });
    }

    private int hours(Members request) {
        Integer hours = request.number("RetentionPeriodHours");
        names.name(
                request.text("StreamName"),
                request.text("StreamARN"),
                new Constraints().required("retentionPeriodHours", hours));
        return hours == null ? 0 : hours;
    }

    private static KinesisException notThisWay(
            String stream, Duration current, int hours, String comparison, String other) {
        return KinesisException.invalidArgument("Requested retention period (" + hours + " hours) for stream "
                + stream + " can not be " + comparison + " than existing retention period ("
                + StreamDescriptions.hours(current) + " hours). Use " + other + "RetentionPeriod API.");
    }

    private static Duration retention(int hours) {
        if (hours < MIN_HOURS) {
            throw KinesisException.invalidArgument("Minimum allowed retention period is " + MIN_HOURS
                    + " hours. Requested retention period (" + hours + " hours) is too short.");
        }
        if (hours > MAX_HOURS) {
            throw KinesisException.invalidArgument("Maximum allowed retention period is " + MAX_HOURS
                    + " hours. Requested retention period (" + hours + " hours) is too long.");
        }
        return Duration.ofHours(hours);
    }

    void updateMode(Members request, Reply reply) {
        String mode = mode(request);
        String arn = request.text("StreamARN");
        Constraints constraints = new Constraints()
                .required("streamARN", arn)
                .required("streamModeDetails", request.has("StreamModeDetails") ? "" : null);
        StreamInfo stream = names.existing(names.name(null, arn, checkMode(request, constraints)));
        streams.updateMode(stream.name(), StreamMode.valueOf(String.valueOf(mode)));
    }

    /** Null if it isn't given. */
    static @Nullable String mode(Members request) {
        return request.of("StreamModeDetails").text("StreamMode");
    }

    static Constraints checkMode(Members request, Constraints constraints) {
        String mode = mode(request);
        if (request.has("StreamModeDetails")) {
            constraints.required("streamModeDetails.streamMode", mode);
        }
        return constraints.oneOf("streamModeDetails.streamMode", mode, MODES);
    }

    void updateMaxRecordSize(Members request, Reply reply) {
        Integer kibibytes = request.number("MaxRecordSizeInKiB");
        String name = names.name(
                request.text("StreamName"),
                request.text("StreamARN"),
                new Constraints()
                        .required("maxRecordSizeInKiB", kibibytes)
                        .range("maxRecordSizeInKiB", kibibytes, MIN_RECORD_KIB, MAX_RECORD_KIB));
        streams.updateMaxRecordBytes(names.existing(name).name(), kibibytes == null ? 0 : kibibytes << 10);
    }
}
