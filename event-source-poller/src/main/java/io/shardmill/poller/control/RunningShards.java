package io.shardmill.poller.control;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.lineage.ShardLineage;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.EnginePorts;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.ShardAssignment;
import io.shardmill.poller.shard.ShardConsumer;
import io.shardmill.poller.shard.ShardEnd;
import io.shardmill.poller.stream.StreamDescription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shards of one mapping that are consumed here, and its rows. Touched only inside the mapping's turns. */
final class RunningShards {

    private static final Logger LOG = LoggerFactory.getLogger(RunningShards.class);

    /** Where the rows are, and whether a replay is still to be carried out. */
    record Stores(CheckpointStore checkpoints, MappingStore mappings) {}

    /** @param impossible why the stream could not be replayed, or null */
    record ReplayResult(@Nullable IllegalArgumentException impossible) {}

    private final CheckpointStore store;
    private final MappingStore mappings;
    private final EngineIdentity identity;
    private final EnginePorts engine;
    private final Consumer<Runnable> post;
    private final BiConsumer<String, ShardEnd> over;
    private final StartRows rows;
    private final Map<String, ShardConsumer> running = new TreeMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private final LostShards lost = new LostShards();
    private @Nullable MappingKey key;
    private List<CheckpointRow> loaded = List.of();

    /**
     * @param post runs something in a later turn of the mapping
     * @param over told in a turn of a shard's consumer that is over
     */
    RunningShards(
            Stores stores,
            EngineIdentity identity,
            EnginePorts engine,
            Consumer<Runnable> post,
            BiConsumer<String, ShardEnd> over) {
        this.store = stores.checkpoints();
        this.mappings = stores.mappings();
        this.identity = identity;
        this.engine = engine;
        this.post = post;
        this.over = over;
        this.rows = new StartRows(stores.checkpoints());
    }

    void adopt(@Nullable String formerName) {
        rows.adopt(formerName);
    }

    /** Sees to it that each listed shard has a row. */
    ShardLineage prepare(EventSourceMapping mapping, MappingPorts ports, StreamDescription listing) {
        MappingKey current =
                new MappingKey(identity.namespace(), mapping.name(), mapping.stream(), listing.incarnation());
        if (!current.equals(key)) {
            lost.forget();
            key = current;
        }
        return rows.prepare(mapping, current, ports.source(), listing, running.keySet());
    }

    /** Starts what may start. */
    void start(EventSourceMapping mapping, MappingPorts ports, StreamDescription listing) {
        ShardLineage lineage = prepare(mapping, ports, listing);
        List<String> startable = lineage.startable();
        long now = engine.clock().millis();
        lost.retain(new HashSet<>(startable));
        tellWhoLost(lineage);
        for (String shard : startable) {
            if (!running.containsKey(shard) && !lost.isLeft(shard, lineage.row(shard), now)) {
                start(mapping, ports, shard);
            }
        }
    }

    /** A consumer with nothing to save would not notice that another process took its shard, or replays it. */
    private void tellWhoLost(ShardLineage lineage) {
        running.forEach((shard, consumer) -> {
            CheckpointRow row = lineage.row(shard);
            if (row == null || !Objects.equals(row.epoch(), epochs.get(shard))) {
                consumer.lost();
            }
        });
    }

    private void start(EventSourceMapping mapping, MappingPorts ports, String shard) {
        MappingKey current = key();
        CheckpointRow row = store.takeOver(current, shard, identity.owner());
        LOG.info(
                "Mapping '{}' starts {}/{} at {} ({})",
                mapping.name(),
                current.stream(),
                shard,
                row.position(),
                rows.reason(row, mapping));
        if (row.progress().window() != null && !mapping.batching().hasTumblingWindow()) {
            LOG.warn(
                    "Mapping '{}' has no tumbling-window any more: {} of {} ends here, its state is dropped without a final"
                            + " invocation",
                    mapping.name(),
                    row.progress().window(),
                    shard);
        }
        ShardConsumer consumer = new ShardConsumer(
                new ShardAssignment(mapping, current, identity.owner(), row),
                ports,
                engine,
                end -> post.accept(() -> over(shard, end)));
        running.put(shard, consumer);
        epochs.put(shard, row.epoch());
        ports.observer().started(new Shard(current.stream(), shard), row.position());
        consumer.start();
    }

    private void over(String shard, ShardEnd end) {
        running.remove(shard);
        epochs.remove(shard);
        if (end == ShardEnd.LOST) {
            lost.add(shard, engine.clock().millis());
        }
        over.accept(shard, end);
    }

    /** Replaces rows so that the mapping delivers again from there; nothing runs meanwhile. */
    void replay(Replay replay, EventSourceMapping mapping, MappingPorts ports, StreamDescription listing) {
        prepare(mapping, ports, listing);
        store.replace(key(), rows.ofReplay(replay, ports.source(), listing));
        replays(replay, mapping);
    }

    /** Replaces rows as a replay that was accepted says, unless another process has; nothing runs meanwhile. */
    ReplayResult carryOut(
            StoredReplay accepted, EventSourceMapping mapping, MappingPorts ports, StreamDescription listing) {
        prepare(mapping, ports, listing);
        List<CheckpointRow> replaced;
        Replay replay;
        try {
            replay = Replay.parse(accepted.from());
            replaced = rows.ofReplay(replay, ports.source(), listing);
        } catch (IllegalArgumentException impossible) {
            boolean unused = mappings.applyReplay(key(), accepted.id(), List.of());
            LOG.warn(
                    "Mapping '{}' can't be replayed and continues from its checkpoints: {}",
                    mapping.name(),
                    impossible.getMessage());
            return new ReplayResult(impossible);
        }
        if (mappings.applyReplay(key(), accepted.id(), replaced)) {
            replays(replay, mapping);
        }
        return new ReplayResult(null);
    }

    private void replays(Replay replay, EventSourceMapping mapping) {
        lost.forget();
        LOG.info("Mapping '{}' replays stream '{}' from {}", mapping.name(), mapping.stream(), replay);
    }

    void stop() {
        running.values().forEach(ShardConsumer::stop);
    }

    void leaveUnsaved() {
        running.values().forEach(ShardConsumer::leaveUnsaved);
    }

    void abandon() {
        running.values().forEach(ShardConsumer::abandon);
    }

    /** Takes back at the next start what other processes took. */
    void takeBack() {
        lost.forget();
    }

    boolean areAllHere() {
        return lost.isEmpty();
    }

    boolean isEmpty() {
        return running.isEmpty();
    }

    Map<String, ShardConsumer> consumers() {
        return running;
    }

    /** Whether the mapping's rows on the stream as it is now have been seen. */
    boolean isPrepared() {
        return key != null;
    }

    List<CheckpointRow> load() {
        loaded = key == null ? List.of() : store.load(key);
        return loaded;
    }

    /** What the store said when it could last be asked. */
    List<CheckpointRow> lastLoaded() {
        return loaded;
    }

    private MappingKey key() {
        if (key == null) {
            throw new IllegalStateException("The stream was not seen yet");
        }
        return key;
    }
}
