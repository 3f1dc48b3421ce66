package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds an open stream: its description, its shards' logs, and the routing. Changed by the log thread only. */
public final class LiveStream {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

    private final String arn;
    private final SegmentStore store;
    private volatile StreamMeta meta;
    private volatile Map<Integer, ShardAppender> shards;
    private volatile Routing routing;
    private volatile boolean deleted;

    LiveStream(String arn, StreamMeta meta, SegmentStore store, long firstCounter) {
        this.arn = arn;
        this.meta = meta;
        this.store = store;
        Map<Integer, ShardAppender> byIndex = new TreeMap<>();
        for (ShardMeta shard : meta.shards()) {
            byIndex.put(shard.index(), newShard(shard, firstCounter));
        }
        this.shards = byIndex;
        this.routing = routingOf(byIndex);
    }

    private static Routing routingOf(Map<Integer, ShardAppender> shards) {
        return new Routing(shards.values().stream()
                .filter(shard -> shard.log().meta().isOpen())
                .toList());
    }

    public String name() {
        return meta.name();
    }

    public String arn() {
        return arn;
    }

    public String account() {
        return arn.split(":", -1)[4];
    }

    /** Returns what Kinesis's messages call it. */
    @Override
    public String toString() {
        return "stream " + name() + " under account " + account();
    }

    public StreamMeta meta() {
        return meta;
    }

    /** Returns the folder of its segments. */
    public Path folder() {
        return store.folder().path();
    }

    boolean isDeleted() {
        return deleted;
    }

    /** Returns null if this stream has no such shard, or has it no longer. */
    @Nullable
    public ShardLog shard(String id) {
        ShardAppender shard = shards.get(SequenceNumbers.shardIndex(id));
        return shard == null ? null : shard.log();
    }

    /** Returns whether it takes no records any more: none of its shards is open. */
    public boolean isClosed() {
        return routing.isEmpty();
    }

    /** @throws StreamRequestException if the stream is closed */
    Routing routing() {
        Routing present = routing;
        if (present.isEmpty()) {
            throw StreamRequestException.closed(name());
        }
        return present;
    }

    // Log thread only.

    /** Makes the log of a shard that {@link #resharded} adds. */
    public ShardAppender newShard(ShardMeta shard, long firstCounter) {
        ShardLog log = new ShardLog(meta.name(), meta.incarnation(), shard);
        return new ShardAppender(
                log, store, firstCounter, () -> meta.retention().toMillis());
    }

    public List<ShardAppender> shards() {
        return List.copyOf(shards.values());
    }

    /** Returns a shard that the present {@link #meta} lists. */
    public ShardAppender appender(int index) {
        ShardAppender shard = shards.get(index);
        if (shard == null) {
            throw new IllegalStateException("no shard " + index + " in stream '" + name() + "'");
        }
        return shard;
    }

    public void changed(StreamMeta changed) {
        meta = changed;
    }

    /** Closes and opens shards. */
    public void resharded(StreamMeta changed, List<ShardAppender> children) {
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

    public void expired(StreamMeta changed, ShardAppender shard) {
        Map<Integer, ShardAppender> fewer = new TreeMap<>(shards);
        fewer.remove(shard.log().meta().index());
        meta = changed;
        shards = fewer;
        shard.log().expired();
    }

    public void deleted() {
        deleted = true;
        for (ShardAppender shard : shards.values()) {
            shard.log().gone();
        }
    }

    /** Seals all segments and forces them to the disk; returns whether all of them are there. */
    public boolean seal(long firstCounter) throws IOException {
        boolean all = true;
        for (ShardAppender shard : shards.values()) {
            all &= seal(shard, firstCounter);
        }
        DurableFiles.forceFolder(folder());
        return all;
    }

    private static boolean seal(ShardAppender shard, long firstCounter) {
        try {
            shard.seal();
            shard.forceAll(firstCounter);
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "Could not close the log of {} cleanly; the next opening repairs it",
                    shard.log().shard(),
                    e);
            return false;
        }
    }

    /** Tells readers that the folder is closed. */
    public void shut() {
        shards.values().forEach(shard -> shard.log().shut());
    }
}
