package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CreateStream and DeleteStream: a stream is active at once, and gone at once. */
final class StreamLifecycle {

    private static final int MAX_TAGS = 200;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final ShardLimit limit;

    StreamLifecycle(EmbeddedStreams streams, StreamNames names, ShardLimit limit) {
        this.limit = limit;
        this.streams = streams;
        this.names = names;
    }

    /** Without a shard count and a mode the stream is on-demand, as with AWS; a shard count is kept in both modes. */
    void create(Members request, Reply reply) {
        String name = request.text("StreamName");
        Integer shards = request.number("ShardCount");
        String mode = StreamChanges.mode(request);
        Integer kibibytes = request.number("MaxRecordSizeInKiB");
        Map<String, String> tags = request.textMap("Tags");
        Constraints constraints = new Constraints()
                .required("streamName", name)
                .length("streamName", name, 1, 128)
                .matches("streamName", name, Constraints.STREAM_NAME)
                .range("shardCount", shards, 1, Integer.MAX_VALUE)
                .range("maxRecordSizeInKiB", kibibytes, StreamChanges.MIN_RECORD_KIB, StreamChanges.MAX_RECORD_KIB);
        StreamChanges.checkMode(request, constraints);
        if (request.has("Tags")) {
            constraints.count("tags", tags.size(), 1, MAX_TAGS);
        }
        constraints.check();
        StreamOptions options = options(mode, shards).withTags(tags);
        if (kibibytes != null) {
            options = options.withMaxRecordBytes(kibibytes << 10);
        }
        String checked = String.valueOf(name);
        if (names.all().contains(checked)) {
            throw KinesisException.of(
                    "ResourceInUseException",
                    "Stream " + checked + " under account " + names.account() + " already exists.");
        }
        StreamOptions wanted = options;
        limit.change(wanted.shards(), () -> streams.createStream(checked, wanted));
    }

    private static StreamOptions options(@Nullable String mode, @Nullable Integer shards) {
        boolean provisioned = mode == null ? shards != null : mode.equals(StreamMode.PROVISIONED.name());
        if (provisioned && shards == null) {
            throw KinesisException.validation("ShardCount must be given for a stream in provisioned mode.");
        }
        if (shards != null && shards > StreamOptions.MAX_SHARDS) {
            throw KinesisException.of(
                    "LimitExceededException",
                    "ShardCount " + shards + " is more than a stream here can have: " + StreamOptions.MAX_SHARDS);
        }
        StreamOptions options =
                provisioned ? StreamOptions.ofShards(shards == null ? 1 : shards) : StreamOptions.onDemand();
        return shards == null ? options : options.withShards(shards);
    }

    void delete(Members request, Reply reply) {
        StreamInfo stream = names.existing(request);
        if (Boolean.TRUE.equals(request.flag("EnforceConsumerDeletion"))) {
            streams.deleteStreamAndConsumers(stream.name());
            return;
        }
        if (stream.consumers() > 0) {
            throw KinesisException.of(
                    "ResourceInUseException",
                    "Stream " + stream.name() + " under account " + names.account()
                            + " has registered consumers. Deregister them, or set EnforceConsumerDeletion.");
        }
        streams.deleteStream(stream.name());
    }
}
