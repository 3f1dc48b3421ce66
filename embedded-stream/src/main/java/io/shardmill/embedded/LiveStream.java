package io.shardmill.embedded;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A stream that is open: what is stored of it, its shards' logs, and the routing. Changed by the log thread only. */
final class LiveStream {

    private final String arn;
    private final SegmentStore store;
    private volatile StreamMeta meta;
    private volatile Map<Integer, ShardAppender> shards;
    private volatile Routing routing;
    private volatile boolean deleted;

    LiveStream(String arn, StreamMeta meta, SegmentStore store, List<ShardAppender> shards) {
        this.arn = arn;
        this.meta = meta;
        this.store = store;
        Map<Integer, ShardAppender> byIndex = new TreeMap<>();
        for (ShardAppender shard : shards) {
            byIndex.put(shard.log().meta().index(), shard);
        }
        this.shards = byIndex;
        this.routing = routingOf(byIndex);
    }

    private static Routing routingOf(Map<Integer, ShardAppender> shards) {
        return new Routing(shards.values().stream()
                .filter(shard -> shard.log().meta().isOpen())
                .toList());
    }

    String name() {
        return meta.name();
    }

    String arn() {
        return arn;
    }

    StreamMeta meta() {
        return meta;
    }

    SegmentStore store() {
        return store;
    }

    boolean isDeleted() {
        return deleted;
    }

    /** Null if it is no shard of this stream, or not any more. */
    @Nullable
    ShardLog shard(String id) {
        ShardAppender shard = shards.get(SequenceNumbers.shardIndex(id));
        return shard == null ? null : shard.log();
    }

    // Log thread only.

    Routing routing() {
        return routing;
    }

    List<ShardAppender> shards() {
        return List.copyOf(shards.values());
    }

    /** Never null for a shard that the present {@link #meta} lists. */
    ShardAppender appender(int index) {
        ShardAppender shard = shards.get(index);
        if (shard == null) {
            throw new IllegalStateException("no shard " + index + " in stream '" + name() + "'");
        }
        return shard;
    }

    void changed(StreamMeta changed) {
        meta = changed;
    }

    /** Shards were closed and others opened. */
    void resharded(StreamMeta changed, List<ShardAppender> children) {
        Map<Integer, ShardAppender> more = new TreeMap<>(shards);
        for (ShardAppender child : children) {
            more.put(child.log().meta().index(), child);
        }
        for (ShardMeta shard : changed.shards()) {
            ShardAppender known = more.get(shard.index());
            if (known != null && known.log().meta().isOpen() && !shard.isOpen()) {
                known.log().closed(shard);
            }
        }
        meta = changed;
        shards = more;
        routing = routingOf(more);
    }

    void expired(StreamMeta changed, ShardAppender shard) {
        Map<Integer, ShardAppender> fewer = new TreeMap<>(shards);
        fewer.remove(shard.log().meta().index());
        meta = changed;
        shards = fewer;
        shard.log().expired();
    }

    void deleted() {
        deleted = true;
        for (ShardAppender shard : shards.values()) {
            shard.log().gone();
        }
    }
}
