package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** SplitShard, MergeShards and UpdateShardCount; done when they answer. Streams' own rules, in AWS's words. */
final class Resharding {

    private static final Pattern HASH_KEY = Pattern.compile("0|([1-9]\\d{0,38})");

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final ShardLimit limit;

    Resharding(EmbeddedStreams streams, StreamNames names, ShardLimit limit) {
        this.limit = limit;
        this.streams = streams;
        this.names = names;
    }

    void split(Members request, Reply reply) {
        String id = request.text("ShardToSplit");
        String start = request.text("NewStartingHashKey");
        Constraints constraints = shardId("shardToSplit", id, new Constraints())
                .required("newStartingHashKey", start)
                .matches("newStartingHashKey", start, HASH_KEY);
        StreamInfo stream = provisioned(request, constraints);
        ShardInfo shard = openShard(stream, String.valueOf(id));
        BigInteger key = new BigInteger(String.valueOf(start));
        if (key.compareTo(shard.startingHashKey().add(BigInteger.ONE)) <= 0
                || key.compareTo(shard.endingHashKey()) >= 0) {
            throw KinesisException.invalidArgument("NewStartingHashKey " + key + " used in SplitShard() on shard "
                    + shard.id() + in(stream) + " is not both greater than one plus the shard's StartingHashKey "
                    + shard.startingHashKey() + " and less than the shard's EndingHashKey " + shard.endingHashKey()
                    + ".");
        }
        limit.change(1, () -> streams.splitShard(stream.name(), shard.id(), key));
    }

    void merge(Members request, Reply reply) {
        String id = request.text("ShardToMerge");
        String adjacentId = request.text("AdjacentShardToMerge");
        Constraints constraints =
                shardId("adjacentShardToMerge", adjacentId, shardId("shardToMerge", id, new Constraints()));
        StreamInfo stream = provisioned(request, constraints);
        ShardInfo shard = openShard(stream, String.valueOf(id));
        ShardInfo adjacent = openShard(stream, String.valueOf(adjacentId));
        if (!isBefore(shard, adjacent) && !isBefore(adjacent, shard)) {
            throw KinesisException.invalidArgument("Shards " + shard.id() + " and " + adjacent.id() + in(stream)
                    + " are not an adjacent pair of shards eligible for merging");
        }
        streams.mergeShards(stream.name(), shard.id(), adjacent.id());
    }

    private static boolean isBefore(ShardInfo one, ShardInfo other) {
        return one.endingHashKey().add(BigInteger.ONE).equals(other.startingHashKey());
    }

    void updateCount(Members request, Reply reply) {
        Integer target = request.number("TargetShardCount");
        String type = request.text("ScalingType");
        Constraints constraints = new Constraints()
                .required("targetShardCount", target)
                .range("targetShardCount", target, 1, Integer.MAX_VALUE)
                .required("scalingType", type)
                .oneOf("scalingType", type, List.of("UNIFORM_SCALING"));
        StreamInfo stream = provisioned(request, constraints);
        int wanted = target == null ? 0 : target;
        int open = stream.openShards().size();
        String broken = brokenLimit(wanted, open);
        if (broken != null) {
            throw KinesisException.of(
                    "LimitExceededException",
                    broken + ". Current open shard count: " + open + ", Target shard count: " + wanted);
        }
        limit.change(wanted - open, () -> streams.updateShardCount(stream.name(), wanted));
        reply.text("StreamName", stream.name())
                .number("CurrentShardCount", open)
                .number("TargetShardCount", wanted)
                .text("StreamARN", stream.arn());
    }

    private static @Nullable String brokenLimit(int wanted, int open) {
        if (wanted > StreamOptions.MAX_SHARDS) {
            return "Target shard count or number of open shards cannot be greater than " + StreamOptions.MAX_SHARDS;
        }
        if (wanted > 2L * open) {
            return "UpdateShardCount cannot scale up over double your current open shard count";
        }
        return 2L * wanted < open
                ? "UpdateShardCount cannot scale down below half your current open shard count"
                : null;
    }

    private static Constraints shardId(String member, @Nullable String id, Constraints constraints) {
        return constraints.required(member, id).length(member, id, 1, 128).matches(member, id, Constraints.STREAM_NAME);
    }

    private StreamInfo provisioned(Members request, Constraints constraints) {
        StreamInfo stream =
                names.existing(names.name(request.text("StreamName"), request.text("StreamARN"), constraints));
        if (stream.config().mode() == StreamMode.ON_DEMAND) {
            throw KinesisException.validation(
                    "The shards" + in(stream) + " can't be split, merged or counted: the stream is in on-demand mode.");
        }
        return stream;
    }

    private ShardInfo openShard(StreamInfo stream, String id) {
        ShardInfo shard = stream.shards().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> KinesisException.notFound("Could not find shard " + id + in(stream) + "."));
        if (!shard.isOpen()) {
            throw KinesisException.invalidArgument("Shard " + id + in(stream)
                    + " has already been merged or split, and thus is not eligible for merging or splitting.");
        }
        return shard;
    }

    private String in(StreamInfo stream) {
        return " in stream " + stream.name() + " under account " + names.account();
    }
}
