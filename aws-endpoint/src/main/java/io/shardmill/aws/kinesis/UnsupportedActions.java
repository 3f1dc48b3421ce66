package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.items;
import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.oneOf;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.model.StreamInfo;
import java.util.List;

/**
 * Encryption by KMS and metrics of single shards, which a stream on this machine doesn't have: enabling them is refused,
 * and disabling them does nothing.
 */
final class UnsupportedActions {

    private static final Shape ENCRYPTION = Shape.of(
            Member.text("EncryptionType", oneOf(List.of("NONE", "KMS"))).required(),
            Member.text("KeyId", length(1, 2_048)).required(),
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);
    private static final Shape MONITORING = Shape.of(
            Member.texts("ShardLevelMetrics", items(1, 7)).required(),
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);

    private final StreamNames names;

    UnsupportedActions(StreamNames names) {
        this.names = names;
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
        throw KinesisErrors.invalidArgument("Stream " + stream.name() + " under account " + names.account()
                + " can't be encrypted: there is no KMS here. Encrypt the disk that its folder is on.");
    }

    private void stopEncryption(Members request, ResponseWriter response) {
        StreamInfo unused = names.existing(request);
    }

    private void enableMonitoring(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        throw KinesisErrors.invalidArgument("Stream " + stream.name() + " under account " + names.account()
                + " has no shard-level metrics: there is no CloudWatch here. The application's own metrics tell more.");
    }

    private void disableMonitoring(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        response.text("StreamName", stream.name())
                .texts("CurrentShardLevelMetrics", List.of())
                .texts("DesiredShardLevelMetrics", List.of())
                .text("StreamARN", stream.arn());
    }
}
