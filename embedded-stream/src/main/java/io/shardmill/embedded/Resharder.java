package io.shardmill.embedded;

import io.shardmill.embedded.log.LiveStream;
import io.shardmill.embedded.log.ShardLog;
import io.shardmill.embedded.metadata.HashRange;
import io.shardmill.embedded.metadata.ShardMeta;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;

/** Split, merge and scaling by Kinesis's rules (spec 10.3, case 109). Used by the log thread only. */
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
            throw StreamRequestException.invalid("newStartingHashKey " + newStart + " for the split of " + shardId
                    + " in stream '" + streamName + "' must be greater than one plus the shard's starting hash key "
                    + shard.range().start() + " and less than its ending hash key "
                    + shard.range().end());
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
            throw StreamRequestException.invalid("shards " + shardId + " and " + adjacentShardId + " in stream '"
                    + streamName + "' are not adjacent and can't be merged: the hash key range of one must begin where"
                    + " the other's ends");
        }
        reshard(stream, List.of(shard, adjacent), List.of(merged));
    }

    private LiveStream provisioned(String streamName) {
        LiveStream stream = streams.get(streamName);
        if (stream.meta().config().mode() == StreamMode.ON_DEMAND) {
            throw StreamRequestException.notInThisMode("the shards of stream '" + streamName
                    + "' can't be split, merged or counted by hand: it is on-demand");
        }
        return stream;
    }

    private static ShardMeta openShard(LiveStream stream, String shardId) {
        ShardLog shard = stream.shard(shardId);
        if (shard == null) {
            throw StreamRequestException.notFound(
                    "could not find shard " + shardId + " in stream '" + stream.name() + "'");
        }
        if (!shard.meta().isOpen()) {
            throw StreamRequestException.invalid("shard " + shardId + " in stream '" + stream.name()
                    + "' has already been merged or split, and thus is not eligible for merging or splitting");
        }
        return shard.meta();
    }

    /** Ends with that many shards of even ranges; at least half and at most twice as many as before. */
    void scale(String streamName, int target) throws IOException {
        LiveStream stream = provisioned(streamName);
        if (target < 1 || target > StreamOptions.MAX_SHARDS) {
            throw StreamRequestException.invalid(
                    "the shard count is " + target + " but must be 1 to " + StreamOptions.MAX_SHARDS);
        }
        List<ShardMeta> open = stream.meta().shards().stream()
                .filter(ShardMeta::isOpen)
                .sorted(Comparator.comparing(shard -> shard.range().start()))
                .toList();
        if (target > 2L * open.size() || 2L * target < open.size()) {
            throw StreamRequestException.limitExceeded("stream '" + streamName + "' has " + open.size()
                    + " open shards; their number can be halved or doubled at most, so " + target + " is out of reach");
        }
        List<HashRange> wanted = HashRange.evenly(target);
        if (!wanted.equals(open.stream().map(ShardMeta::range).toList())) {
            ReshardDraft draft = new ReshardDraft(streams, stream, clock.millis());
            new UniformScaling(draft).apply(open, wanted);
            draft.commit();
        }
    }

    private void reshard(LiveStream stream, List<ShardMeta> parents, List<HashRange> ranges) throws IOException {
        ReshardDraft draft = new ReshardDraft(streams, stream, clock.millis());
        draft.replace(parents, ranges);
        draft.commit();
    }
}
