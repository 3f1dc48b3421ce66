package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.items;
import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.oneOf;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encryption by KMS and metrics of single shards, which a stream on this machine doesn't have: enabling them is refused, or
 * ignored and described as if they were there.
 */
final class UnsupportedActions {

    private static final Member<String> KEY_ID =
            Member.text("KeyId", length(1, 2_048)).required();
    private static final Member<List<String>> METRICS =
            Member.texts("ShardLevelMetrics", items(1, 7)).required();
    private static final Shape ENCRYPTION = Shape.of(
            Member.text("EncryptionType", oneOf(List.of("NONE", "KMS"))).required(),
            KEY_ID,
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);
    private static final Shape MONITORING = Shape.of(METRICS, KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);

    private static final Logger LOG = LoggerFactory.getLogger(UnsupportedActions.class);

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final UnsupportedSettings settings;

    UnsupportedActions(EmbeddedStreams streams, StreamNames names, UnsupportedSettings settings) {
        this.streams = streams;
        this.names = names;
        this.settings = settings;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation("StartStreamEncryption", ENCRYPTION, this::startEncryption),
                Action.operation("StopStreamEncryption", ENCRYPTION, this::stopEncryption),
                Action.operation("EnableEnhancedMonitoring", MONITORING, this::enableMonitoring),
                Action.operation("DisableEnhancedMonitoring", MONITORING, this::disableMonitoring));
    }

    private void startEncryption(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        ignore(
                stream,
                "can't be encrypted: there is no KMS here. Encrypt the disk that its folder is on",
                "Encryption of stream '{}' is ignored: there is no KMS");
        streams.updateIgnored(stream.name(), before -> new IgnoredSettings(before).withKeyId(request.require(KEY_ID)));
    }

    private void stopEncryption(Members request, ResponseWriter response) {
        streams.updateIgnored(names.existing(request).name(), before -> new IgnoredSettings(before).withKeyId(null));
    }

    private void enableMonitoring(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        ignore(
                stream,
                "has no shard-level metrics: there is no CloudWatch here. Use the application's own metrics",
                "Enhanced monitoring of stream '{}' is ignored: there is no CloudWatch");
        changeMetrics(stream, metrics -> metrics.addAll(request.require(METRICS)), response);
    }

    private void disableMonitoring(Members request, ResponseWriter response) {
        List<String> disabled = request.require(METRICS);
        changeMetrics(
                names.existing(request),
                metrics -> metrics.removeIf(metric -> disabled.contains("ALL") || disabled.contains(metric)),
                response);
    }

    /** Refuses such a setting, unless they are ignored. */
    private void ignore(StreamInfo stream, String refusal, String log) {
        if (settings == UnsupportedSettings.REFUSED) {
            throw KinesisErrors.invalidArgument("Stream " + stream.name() + " under account " + names.account() + " "
                    + refusal + ", or set " + UnsupportedSettings.PROPERTY + ".");
        }
        LOG.warn(log, stream.name());
    }

    private void changeMetrics(StreamInfo stream, Consumer<Set<String>> change, ResponseWriter response) {
        streams.updateIgnored(stream.name(), before -> new IgnoredSettings(before).withMetrics(change));
        response.text("StreamName", stream.name())
                .texts("CurrentShardLevelMetrics", IgnoredSettings.of(stream).metrics())
                .texts(
                        "DesiredShardLevelMetrics",
                        IgnoredSettings.of(names.existing(stream.name())).metrics())
                .text("StreamARN", stream.arn());
    }
}
