package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.oneOf;
import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import java.math.BigInteger;
import java.util.List;

/** SplitShard, MergeShards and UpdateShardCount, which are done when they answer; the streams know the rules. */
final class Resharding {

    private static final Member<String> SHARD_TO_SPLIT = KinesisMembers.name("ShardToSplit");
    private static final Member<String> NEW_KEY = KinesisMembers.hashKey("NewStartingHashKey");
    private static final Member<String> SHARD_TO_MERGE = KinesisMembers.name("ShardToMerge");
    private static final Member<String> ADJACENT_SHARD = KinesisMembers.name("AdjacentShardToMerge");
    private static final Member<Integer> TARGET = Member.integer("TargetShardCount", range(1, Integer.MAX_VALUE));
    private static final Shape SPLIT = Shape.of(
            SHARD_TO_SPLIT.required(), NEW_KEY.required(), KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);
    private static final Shape MERGE = Shape.of(
            SHARD_TO_MERGE.required(),
            ADJACENT_SHARD.required(),
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);
    private static final Shape UPDATE_COUNT = Shape.of(
            TARGET.required(),
            Member.text("ScalingType", oneOf(List.of("UNIFORM_SCALING"))).required(),
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final ShardIds shardIds;
    private final ShardLimit limit;

    Resharding(EmbeddedStreams streams, StreamNames names, ShardLimit limit) {
        this.streams = streams;
        this.names = names;
        this.shardIds = new ShardIds(names);
        this.limit = limit;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation("SplitShard", SPLIT, this::split),
                Action.operation("MergeShards", MERGE, this::merge),
                Action.operation("UpdateShardCount", UPDATE_COUNT, this::updateCount));
    }

    private void split(Members request, ResponseWriter response) {
        String name = names.name(request);
        String shard = shardIds.read(request.require(SHARD_TO_SPLIT), name);
        StreamInfo stream = names.existing(name);
        limit.change(1, () -> streams.splitShard(stream.name(), shard, new BigInteger(request.require(NEW_KEY))));
    }

    private void merge(Members request, ResponseWriter response) {
        String name = names.name(request);
        String shard = shardIds.read(request.require(SHARD_TO_MERGE), name);
        String adjacent = shardIds.read(request.require(ADJACENT_SHARD), name);
        streams.mergeShards(names.existing(name).name(), shard, adjacent);
    }

    private void updateCount(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        int open = stream.openShards().size();
        int target = request.require(TARGET);
        int reachable = (int) Math.min(target, 2L * open); // the stream refuses more
        limit.change(reachable - open, () -> streams.updateShardCount(stream.name(), target));
        response.text("StreamName", stream.name())
                .number("CurrentShardCount", open)
                .number("TargetShardCount", target)
                .text("StreamARN", stream.arn());
    }
}
