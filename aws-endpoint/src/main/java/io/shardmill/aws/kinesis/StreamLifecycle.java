package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CreateStream and DeleteStream: a stream is active at once, and gone at once. */
final class StreamLifecycle {

    private static final Member<Integer> SHARD_COUNT = Member.integer("ShardCount", range(1, Integer.MAX_VALUE));
    private static final Member<Boolean> WITH_CONSUMERS = Member.flag("EnforceConsumerDeletion");
    private static final Shape CREATE = Shape.of(
            KinesisMembers.STREAM_NAME.required(),
            SHARD_COUNT,
            KinesisMembers.MAX_RECORD_SIZE,
            StreamChanges.MODE_DETAILS,
            KinesisMembers.TAGS);
    private static final Shape DELETE = Shape.of(KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN, WITH_CONSUMERS);

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final ShardLimit limit;

    StreamLifecycle(EmbeddedStreams streams, StreamNames names, ShardLimit limit) {
        this.streams = streams;
        this.names = names;
        this.limit = limit;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation("CreateStream", CREATE, this::create),
                Action.operation("DeleteStream", DELETE, this::delete));
    }

    /** Without a shard count and a mode the stream is on-demand, as with AWS; a shard count is kept in both modes. */
    private void create(Members request, ResponseWriter response) {
        String name = request.require(KinesisMembers.STREAM_NAME);
        StreamOptions options = options(StreamChanges.mode(request), request.get(SHARD_COUNT))
                .withTags(request.get(KinesisMembers.TAGS, Map.of()));
        Integer kibibytes = request.get(KinesisMembers.MAX_RECORD_SIZE);
        StreamOptions wanted = kibibytes == null ? options : options.withMaxRecordBytes(kibibytes << 10);
        if (names.all().contains(name)) {
            throw KinesisErrors.inUse("Stream " + name + " under account " + names.account() + " already exists.");
        }
        limit.change(wanted.shards(), () -> streams.createStream(name, wanted));
    }

    private static StreamOptions options(@Nullable String mode, @Nullable Integer shards) {
        boolean provisioned = mode == null ? shards != null : mode.equals(StreamMode.PROVISIONED.name());
        if (provisioned && shards == null) {
            throw AwsException.validation("ShardCount must be given for a stream in provisioned mode.");
        }
        if (shards != null && shards > StreamOptions.MAX_SHARDS) {
            throw KinesisErrors.limitExceeded(
                    "ShardCount " + shards + " is more than a stream here can have: " + StreamOptions.MAX_SHARDS);
        }
        StreamOptions options =
                provisioned ? StreamOptions.ofShards(shards == null ? 1 : shards) : StreamOptions.onDemand();
        return shards == null ? options : options.withShards(shards);
    }

    private void delete(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        if (request.get(WITH_CONSUMERS, false)) {
            streams.deleteStreamAndConsumers(stream.name());
            return;
        }
        if (stream.consumers() > 0) {
            throw KinesisErrors.inUse("Stream " + stream.name() + " under account " + names.account()
                    + " has registered consumers. Deregister them, or set EnforceConsumerDeletion.");
        }
        streams.deleteStream(stream.name());
    }
}
