package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import java.util.List;

/**
 * Encryption by KMS and metrics of single shards mean nothing to a stream on this machine: asking for them is refused
 * rather than pretended, and asking for an end of them is carried out by doing nothing.
 */
final class Unmeant {

    private static final List<String> ENCRYPTION_TYPES = List.of("NONE", "KMS");

    private final StreamNames names;

    Unmeant(StreamNames names) {
        this.names = names;
    }

    void startEncryption(Members request, Reply reply) {
        StreamInfo stream = encryptable(request);
        throw KinesisException.invalidArgument("Stream " + stream.name() + " under account " + names.account()
                + " can't be encrypted: there is no KMS here. Encrypt the disk that its folder is on.");
    }

    void stopEncryption(Members request, Reply reply) {
        encryptable(request);
    }

    private StreamInfo encryptable(Members request) {
        String type = request.text("EncryptionType");
        String key = request.text("KeyId");
        return names.existing(names.name(
                request.text("StreamName"),
                request.text("StreamARN"),
                new Constraints()
                        .required("encryptionType", type)
                        .oneOf("encryptionType", type, ENCRYPTION_TYPES)
                        .required("keyId", key)
                        .length("keyId", key, 1, 2048)));
    }

    void enableMonitoring(Members request, Reply reply) {
        StreamInfo stream = monitored(request);
        throw KinesisException.invalidArgument("Stream " + stream.name() + " under account " + names.account()
                + " has no shard-level metrics: there is no CloudWatch here. The application's own metrics tell more.");
    }

    void disableMonitoring(Members request, Reply reply) {
        StreamInfo stream = monitored(request);
        reply.text("StreamName", stream.name())
                .texts("CurrentShardLevelMetrics", List.of())
                .texts("DesiredShardLevelMetrics", List.of())
                .text("StreamARN", stream.arn());
    }

    private StreamInfo monitored(Members request) {
        Constraints constraints = request.has("ShardLevelMetrics")
                ? new Constraints()
                        .count(
                                "shardLevelMetrics",
                                request.texts("ShardLevelMetrics").size(),
                                1,
                                7)
                : new Constraints().required("shardLevelMetrics", null);
        return names.existing(names.name(request.text("StreamName"), request.text("StreamARN"), constraints));
    }
}
