package io.shardmill.embedded;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Split and merge by Kinesis's rules (spec 10.3, case 109). Used by the log thread only. */
final class Resharding {

    private final LiveStreams streams;
    private final Clock clock;

    Resharding(LiveStreams streams, Clock clock) {
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
        if (stream.meta().traits().mode() == StreamMode.ON_DEMAND) {
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
            throw StreamRequestException.inUse("shard " + shardId + " in stream '" + stream.name()
                    + "' has already been merged or split, and thus is not eligible for merging or splitting");
        }
        return shard.meta();
    }

    private void reshard(LiveStream stream, List<ShardMeta> parents, List<HashRange> ranges) throws IOException {
        long now = clock.millis();
        List<ShardMeta> closed = new ArrayList<>();
        long second = Math.floorDiv(now, 1000L);
        for (ShardMeta parent : parents) {
            closed.add(parent.closed(stream.appender(parent.index()).close(), now));
            second = Math.max(second, parent.createdSecond() + 1);
        }
        List<Integer> parentIndexes = parents.stream().map(ShardMeta::index).toList();
        List<ShardMeta> children = new ArrayList<>();
        for (HashRange range : ranges) {
            int index = stream.meta().nextShard() + children.size();
            children.add(new ShardMeta(index, second, range, parentIndexes, null));
        }
        StreamMeta changed = streams.change(
                stream,
                meta -> meta.resharded(
                        shard -> closed.stream()
                                .filter(other -> other.index() == shard.index())
                                .findFirst()
                                .orElse(shard),
                        children));
        stream.resharded(
                changed,
                children.stream()
                        .map(child -> streams.appender(changed, stream.store(), child))
                        .toList());
        streams.listeners().changed(stream.name());
    }
}
