package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.ShardAppender;
import io.shardmill.embedded.internal.metadata.HashRange;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects closed and opened shards, which {@link #commit} stores and shows at once. A shard opened here may be closed here:
 * it never takes a record. Used by the log thread only.
 */
final class ReshardDraft {

    private final LiveStreams streams;
    private final LiveStream stream;
    private final long nowMillis;
    private final Map<Integer, ShardMeta> shards = new TreeMap<>();
    private final Map<Integer, ShardAppender> opened = new TreeMap<>();
    private int nextShard;

    ReshardDraft(LiveStreams streams, LiveStream stream, long nowMillis) {
        this.streams = streams;
        this.stream = stream;
        this.nowMillis = nowMillis;
        this.nextShard = stream.meta().nextShard();
        stream.meta().shards().forEach(shard -> shards.put(shard.index(), shard));
    }

    /** Closes the parents and opens a child for each range. */
    List<ShardMeta> replace(List<ShardMeta> parents, List<HashRange> ranges) throws IOException {
        long second = Math.floorDiv(nowMillis, 1000L);
        for (ShardMeta parent : parents) {
            ShardAppender mine = opened.get(parent.index());
            ShardAppender appender = mine == null ? stream.appender(parent.index()) : mine;
            shards.put(parent.index(), parent.closed(appender.close(), nowMillis));
            second = Math.max(second, parent.createdSecond() + 1);
        }
        List<Integer> parentIndexes = parents.stream().map(ShardMeta::index).toList();
        List<ShardMeta> children = new ArrayList<>();
        for (HashRange range : ranges) {
            ShardMeta child = new ShardMeta(nextShard++, second, range, parentIndexes, null);
            shards.put(child.index(), child);
            opened.put(child.index(), streams.newShard(stream, child));
            children.add(child);
        }
        return children;
    }

    void commit() throws IOException {
        StreamMeta changed = streams.change(stream, meta -> meta.withShards(List.copyOf(shards.values()), nextShard));
        stream.resharded(changed, List.copyOf(opened.values()));
        streams.listeners().changed(stream.name());
    }
}
