package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.ShardLog;
import io.shardmill.embedded.internal.metadata.HashRange;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;

/** Splits, merges and scales by Kinesis's rules and in its words (spec 10.3, case 109). Used by the log thread only. */
final class Resharder {

    private final LiveStreams streams;
    private final Clock clock;

    Resharder(LiveStreams streams, Clock clock) {
        this.streams = streams;
        this.clock = clock;
    }

    void split(String streamName, String shardId, BigInteger newStart) throws IOException {
        LiveStream stream = provisioned(streamName);
        ShardMeta shard = openShard(stream, shardId);
        if (!shard.range().canSplitAt(newStart)) {
            throw StreamRequestException.invalid("NewStartingHashKey " + newStart + " used in SplitShard() on shard "
                    + shardId + " in " + stream + " is not both greater than one plus the shard's StartingHashKey "
                    + shard.range().start() + " and less than the shard's EndingHashKey "
                    + shard.range().end() + ".");
        }
        reshard(
                stream,
                List.of(shard),
                List.of(shard.range().below(newStart), shard.range().from(newStart)));
    }

    void merge(String streamName, String shardId, String adjacentShardId) throws IOException {
        LiveStream stream = provisioned(streamName);
        ShardMeta shard = openShard(stream, shardId);
        ShardMeta adjacent = openShard(stream, adjacentShardId);
        HashRange merged;
        if (shard.range().isJustBefore(adjacent.range())) {
            merged = shard.range().joinedWith(adjacent.range());
        } else if (adjacent.range().isJustBefore(shard.range())) {
            merged = adjacent.range().joinedWith(shard.range());
        } else {
            throw StreamRequestException.invalid("Shards " + shardId + " and " + adjacentShardId + " in " + stream
                    + " are not an adjacent pair of shards eligible for merging");
        }
        reshard(stream, List.of(shard, adjacent), List.of(merged));
    }

    /** Closes all open shards without children; does nothing if there are none. */
    void close(String streamName) throws IOException {
        LiveStream stream = streams.get(streamName);
        List<ShardMeta> open =
                stream.meta().shards().stream().filter(ShardMeta::isOpen).toList();
        if (!open.isEmpty()) {
            reshard(stream, open, List.of());
        }
    }

    private LiveStream provisioned(String streamName) {
        LiveStream stream = streams.get(streamName);
        if (stream.isClosed()) {
            throw StreamRequestException.closed(streamName);
        }
        if (stream.meta().config().mode() == StreamMode.ON_DEMAND) {
            throw StreamRequestException.notInThisMode("Request is invalid. Stream " + stream.name() + " under account "
                    + stream.account() + " is in On-Demand mode.");
        }
        return stream;
    }

    private static ShardMeta openShard(LiveStream stream, String shardId) {
        ShardLog shard = stream.shard(shardId);
        if (shard == null) {
            throw StreamRequestException.notFound("Could not find shard " + shardId + " in " + stream + ".");
        }
        if (!shard.meta().isOpen()) {
            throw StreamRequestException.invalid("Shard " + shardId + " in " + stream
                    + " has already been merged or split, and thus is not eligible for merging or splitting.");
        }
        return shard.meta();
    }

    /** Ends with that many shards of even ranges; at least half and at most twice as many as before. */
    void scale(String streamName, int target) throws IOException {
        if (target < 1) {
            throw StreamRequestException.invalid("TargetShardCount: " + target + "; must be at least 1");
        }
        LiveStream stream = provisioned(streamName);
        List<ShardMeta> open = stream.meta().shards().stream()
                .filter(ShardMeta::isOpen)
                .sorted(Comparator.comparing(shard -> shard.range().start()))
                .toList();
        requireInReach(open.size(), target);
        List<HashRange> wanted = HashRange.evenly(target);
        if (!wanted.equals(open.stream().map(ShardMeta::range).toList())) {
            ReshardDraft draft = new ReshardDraft(streams, stream, clock.millis());
            new UniformScaling(draft).apply(open, wanted);
            draft.commit();
        }
    }

    private static void requireInReach(int open, int target) {
        String broken = null;
        if (target > StreamOptions.MAX_SHARDS) {
            broken = "Target shard count or number of open shards cannot be greater than " + StreamOptions.MAX_SHARDS;
        } else if (target > 2L * open) {
            broken = "UpdateShardCount cannot scale up over double your current open shard count";
        } else if (2L * target < open) {
            broken = "UpdateShardCount cannot scale down below half your current open shard count";
        }
        if (broken != null) {
            throw StreamRequestException.limitExceeded(
                    broken + ". Current open shard count: " + open + ", Target shard count: " + target);
        }
    }

    private void reshard(LiveStream stream, List<ShardMeta> parents, List<HashRange> ranges) throws IOException {
        ReshardDraft draft = new ReshardDraft(streams, stream, clock.millis());
        draft.replace(parents, ranges);
        draft.commit();
    }
}
