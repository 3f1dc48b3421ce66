package io.shardmill.poller.control;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.lineage.ShardLineage;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.shard.EnginePorts;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.ShardAssignment;
import io.shardmill.poller.shard.ShardConsumer;
import io.shardmill.poller.shard.ShardEnd;
import io.shardmill.poller.shard.ShardTurns;
import io.shardmill.poller.stream.StreamDescription;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mapping: finds its stream's shards, starts a consumer for each that may start, and stops them all to be
 * paused, replayed, updated or closed, one such change after the other. Everything mutable is touched only
 * inside its turns, which, unlike a shard's, may block on the store or the stream.
 */
final class MappingRunner {

    private static final Logger LOG = LoggerFactory.getLogger(MappingRunner.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long LISTING_MILLIS = 60_000;

    private final MappingResources resources;
    private final CheckpointStore store;
    private final EngineIdentity identity;
    private final EnginePorts engine;
    private final ShardTurns<Runnable> turns;
    private final StartRows rows;
    private final DrainWatch drains;
    private final Map<String, ShardConsumer> running = new TreeMap<>();
    private final Set<String> lost = new HashSet<>();
    private final Changes changes;

    private EventSourceMapping mapping;
    private MappingPorts ports;
    private State state = State.CREATING;
    private @Nullable MappingKey key;
    private @Nullable String problem;
    private @Nullable Replay replayFirst;
    private @Nullable AutoCloseable streamWatch;
    private @Nullable Runnable whenStopped;
    private long nextLook = Long.MAX_VALUE;
    private boolean closing;

    /** @throws RuntimeException if the mapping names something that is not there; the message says what to do */
    MappingRunner(
            EventSourceMapping mapping,
            MappingResources resources,
            CheckpointStore store,
            EngineIdentity identity,
            EnginePorts engine) {
        this.mapping = mapping;
        this.ports = resources.find(mapping);
        this.resources = resources;
        this.store = store;
        this.identity = identity;
        this.engine = engine;
        this.rows = new StartRows(store);
        this.turns = new ShardTurns<>(MappingRunner::turn, engine.pool(), engine.othersWait());
        this.changes = new Changes(turns::post);
        this.drains = new DrainWatch(
                this::lookForDrains,
                turns::post,
                task -> engine.timer().at(engine.clock().millis() + RETRY_MILLIS, () -> turns.post(task)));
    }

    private static List<ShardTurns.Work<Runnable>> turn(List<Runnable> messages) {
        for (Runnable message : messages) {
            try {
                message.run();
            } catch (RuntimeException | Error fault) {
                LOG.error("A fault in the engine; the mapping goes on", fault);
            }
        }
        return List.of();
    }

    // What other threads may call.

    void start(Begin begin) {
        turns.post(() -> {
            replayFirst = begin.replay();
            rows.adopt(begin.adopted());
            streamWatch = ports.source().onChange(() -> turns.post(this::look));
            look();
        });
    }

    CompletableFuture<Void> pause() {
        return changes.submit(done -> {
            store.setPaused(identity.namespace(), mapping.name(), true);
            stopAll(State.DISABLING, done, () -> state = State.DISABLED);
        });
    }

    CompletableFuture<Void> resume() {
        return changes.submit(done -> {
            store.setPaused(identity.namespace(), mapping.name(), false);
            lost.clear();
            if (state == State.DISABLED) {
                state = State.CREATING;
            }
            look();
            done.complete(null);
        });
    }

    CompletableFuture<Void> replay(Replay replay) {
        return changes.submit(done -> {
            replay.requirePossible(engine.clock().instant());
            State before = state;
            stopAll(State.UPDATING, done, () -> {
                state = before;
                try {
                    applyReplay(replay, ports.source().describe());
                } finally {
                    look();
                }
            });
        });
    }

    /** Goes on with other settings from where it is. */
    CompletableFuture<Void> update(EventSourceMapping changed) {
        return changes.submit(done -> {
            if (!changed.stream().equals(mapping.stream())) {
                throw new InvalidMappingException(
                        "stream",
                        "'" + changed.stream() + "'",
                        "can't replace '" + mapping.stream() + "' in mapping '" + mapping.name()
                                + "': make a mapping of another name for it");
            }
            MappingPorts found = resources.find(changed);
            State before = state;
            stopAll(State.UPDATING, done, () -> {
                mapping = changed;
                ports = found;
                state = before;
                lost.clear();
                look();
            });
        });
    }

    /** Stops for good. */
    CompletableFuture<Void> close() {
        turns.post(() -> closing = true);
        return changes.submit(done -> stopAll(State.STOPPED, done, () -> closeQuietly(streamWatch)));
    }

    /** Doesn't wait for running invocations any more; completes what waits for them. */
    void abandon() {
        turns.post(() -> running.values().forEach(ShardConsumer::abandon));
    }

    CompletableFuture<Void> drained() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        turns.post(() -> drains.add(drained));
        return drained;
    }

    CompletableFuture<MappingStatus> describe() {
        CompletableFuture<MappingStatus> described = new CompletableFuture<>();
        turns.post(() -> Changes.failing(described, () -> {
            StatusCollector collector =
                    new StatusCollector(mapping, state, problem, key == null ? List.of() : store.load(key), described);
            collector.collect(Map.copyOf(running), turns::post);
        }));
        return described;
    }

    // Shards.

    /** Stops all consumers; when none is left runs {@code then} and completes the change. */
    private void stopAll(State meanwhile, CompletableFuture<Void> done, Runnable then) {
        state = meanwhile;
        whenStopped = () -> Changes.failing(done, () -> {
            then.run();
            done.complete(null);
        });
        running.values().forEach(ShardConsumer::stop);
        continueIfStopped();
    }

    private void continueIfStopped() {
        Runnable then = whenStopped;
        if (then != null && running.isEmpty()) {
            whenStopped = null;
            then.run();
        }
    }

    /**
     * Starts what may start. Harmless at any time; tries again by itself when something is not reachable.
     *
     * @return whether all runs that may run
     */
    private boolean look() {
        if (closing || whenStopped != null || (state != State.CREATING && state != State.ENABLED)) {
            return false;
        }
        try {
            if (state == State.CREATING && store.isPaused(identity.namespace(), mapping.name())) {
                state = State.DISABLED;
                LOG.info("Mapping '{}' is paused, as it was when it last ran: resume it to go on", mapping.name());
                return false;
            }
            StreamDescription listing = ports.source().describe();
            if (replayFirst != null) {
                replayFirst(replayFirst, listing);
                replayFirst = null;
            }
            startShards(listing);
            works();
            return true;
        } catch (RuntimeException failure) {
            waits(failure);
            return false;
        }
    }

    private void startShards(StreamDescription listing) {
        MappingKey current = keyOf(listing);
        key = current;
        ShardLineage lineage = rows.prepare(mapping, current, ports.source(), listing, running.keySet());
        for (String shard : lineage.startable()) {
            if (!running.containsKey(shard) && !lost.contains(shard)) {
                startShard(current, shard);
            }
        }
    }

    private void startShard(MappingKey key, String shard) {
        CheckpointRow row = store.takeOver(key, shard, identity.owner());
        LOG.info(
                "Mapping '{}' starts {}/{} at {} ({})",
                mapping.name(),
                key.stream(),
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
                new ShardAssignment(mapping, key, identity.owner(), row),
                ports,
                engine,
                end -> turns.post(() -> over(shard, end)));
        running.put(shard, consumer);
        ports.observer().started(new Shard(key.stream(), shard), row.position());
        consumer.start();
    }

    private void over(String shard, ShardEnd end) {
        running.remove(shard);
        if (end == ShardEnd.LOST) {
            lost.add(shard);
            problem = "shard " + shard + " was taken over by another process";
        }
        if (end == ShardEnd.CRASHED) {
            lookAt(engine.clock().millis() + RETRY_MILLIS);
        } else {
            look();
        }
        drains.over(shard);
        continueIfStopped();
    }

    /** One that was asked for with the start, perhaps of all mappings: where this stream has no such place, it goes on. */
    private void replayFirst(Replay replay, StreamDescription listing) {
        try {
            applyReplay(replay, listing);
        } catch (IllegalArgumentException noSuchPlace) {
            LOG.warn(
                    "Mapping '{}' is not replayed and goes on from its checkpoints: {}",
                    mapping.name(),
                    noSuchPlace.getMessage());
        }
    }

    private void applyReplay(Replay replay, StreamDescription listing) {
        MappingKey current = keyOf(listing);
        rows.prepare(mapping, current, ports.source(), listing, running.keySet());
        rows.replay(replay, current, ports.source(), listing);
        lost.clear();
        LOG.info("Mapping '{}' replays stream '{}' from {}", mapping.name(), mapping.stream(), replay);
    }

    private MappingKey keyOf(StreamDescription listing) {
        return new MappingKey(identity.namespace(), mapping.name(), mapping.stream(), listing.incarnation());
    }

    /** All consumers there should be; null while something hinders the mapping, so that it can't be drained. */
    private @Nullable Map<String, ShardConsumer> lookForDrains() {
        return look() && problem == null ? running : null;
    }

    private void works() {
        state = State.ENABLED;
        if (problem != null && lost.isEmpty()) {
            LOG.info("Mapping '{}' works again", mapping.name());
            problem = null;
        }
        lookAt(engine.clock().millis() + LISTING_MILLIS);
    }

    private void waits(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(problem)) {
            LOG.warn(
                    "Mapping '{}' can't start all its shards and tries again every {} ms: {}",
                    mapping.name(),
                    RETRY_MILLIS,
                    message);
            LOG.debug("Because of", failure);
            problem = message;
        }
        lookAt(engine.clock().millis() + RETRY_MILLIS);
    }

    private void lookAt(long millis) {
        if (millis < nextLook) {
            nextLook = millis;
            engine.timer()
                    .at(
                            millis,
                            () -> turns.post(() -> {
                                if (engine.clock().millis() >= nextLook) {
                                    nextLook = Long.MAX_VALUE;
                                    look();
                                }
                            }));
        }
    }

    private static void closeQuietly(@Nullable AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception failure) {
            LOG.debug("Closing the watch on a stream failed", failure);
        }
    }
}
