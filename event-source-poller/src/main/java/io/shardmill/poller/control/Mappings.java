package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.EnginePorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mappings of this process. Thread-safe. A change returns at once and its future completes when it is
 * made; changes of one mapping are made one after the other. A future that fails says why; asking for a
 * mapping that is not there throws {@link IllegalArgumentException} at once.
 */
public final class Mappings {

    private static final Logger LOG = LoggerFactory.getLogger(Mappings.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final MappingResources resources;
    private final CheckpointStore store;
    private final EngineIdentity identity;
    private final EnginePorts engine;
    private final Map<String, MappingRunner> runners = new LinkedHashMap<>();

    public Mappings(MappingResources resources, CheckpointStore store, EngineIdentity identity, EnginePorts engine) {
        this.resources = resources;
        this.store = store;
        this.identity = identity;
        this.engine = engine;
    }

    /**
     * Adds a mapping and starts it; returns at once. A stream that is not there yet is waited for.
     *
     * @throws RuntimeException if a mapping of that name exists, it names a function or destination that does not, or
     *     it begins with a replay from the future
     */
    public synchronized void start(EventSourceMapping mapping, Begin begin) {
        if (runners.containsKey(mapping.name())) {
            throw new IllegalArgumentException("There is a mapping '" + mapping.name() + "' already");
        }
        if (begin.replay() != null) {
            begin.replay().requirePossible(engine.clock().instant());
        }
        MappingRunner runner = new MappingRunner(mapping, resources, store, identity, engine);
        runners.put(mapping.name(), runner);
        runner.start(begin);
    }

    public synchronized List<String> names() {
        return List.copyOf(runners.keySet());
    }

    /**
     * Checkpoints in this namespace that belong to no mapping here, such as those of one that was renamed. May block.
     */
    public List<MappingKey> unclaimedCheckpoints() {
        Set<String> here = Set.copyOf(names());
        return store.mappings(identity.namespace()).stream()
                .filter(key -> !here.contains(key.mapping()))
                .toList();
    }

    private synchronized Collection<MappingRunner> all() {
        return List.copyOf(runners.values());
    }

    private synchronized MappingRunner runner(String name) {
        MappingRunner runner = runners.get(name);
        if (runner == null) {
            throw new IllegalArgumentException("There is no mapping '" + name + "'; there are " + runners.keySet());
        }
        return runner;
    }

    /** How the mapping stands. */
    public CompletableFuture<MappingStatus> describe(String name) {
        return runner(name).describe();
    }

    /** Stops delivering until {@link #resume}, also across restarts; done when no invocation runs any more. */
    public CompletableFuture<Void> pause(String name) {
        return runner(name).pause();
    }

    /** Goes on from where {@link #pause} stopped. */
    public CompletableFuture<Void> resume(String name) {
        return runner(name).resume();
    }

    /**
     * Delivers again from there, once no invocation runs any more. Fails with an
     * {@link IllegalArgumentException}, and changes nothing, if the stream has no such place.
     */
    public CompletableFuture<Void> replay(String name, Replay replay) {
        return runner(name).replay(replay);
    }

    /**
     * Goes on with other settings from where the mapping is, once no invocation runs any more. Fails with an
     * {@link io.shardmill.poller.mapping.InvalidMappingException}, and changes nothing, for another stream.
     */
    public CompletableFuture<Void> update(EventSourceMapping mapping) {
        return runner(mapping.name()).update(mapping);
    }

    /**
     * Done when everything that is in the mapping's stream now is finished and saved; may be cancelled. An open tumbling window
     * whose time is not over stays open.
     */
    public CompletableFuture<Void> drained(String name) {
        return runner(name).drained();
    }

    /** Waits until everything that is in the streams of all mappings now is finished and saved; false if that took longer. */
    public boolean awaitDrained(Duration timeout) {
        List<CompletableFuture<Void>> drained =
                all().stream().map(MappingRunner::drained).toList();
        try {
            return await(drained, timeout);
        } finally {
            drained.forEach(future -> future.cancel(false));
        }
    }

    /** Stops all mappings: no new invocation; done when no running one is left and what was acknowledged is saved. */
    public CompletableFuture<Void> close() {
        return CompletableFuture.allOf(all().stream().map(MappingRunner::close).toArray(CompletableFuture[]::new));
    }

    /**
     * Stops all mappings and forgets them, so that they can be started again; invocations that run for longer
     * than the timeout are left behind with a warning.
     */
    void close(Duration timeout) {
        Map<String, CompletableFuture<Void>> closing = new LinkedHashMap<>();
        synchronized (this) {
            runners.forEach((name, runner) -> closing.put(name, runner.close()));
        }
        if (!await(closing.values(), timeout)) {
            abandonAll(closing, timeout);
        }
        synchronized (this) {
            runners.keySet().removeAll(closing.keySet());
        }
    }

    private void abandonAll(Map<String, CompletableFuture<Void>> closing, Duration timeout) {
        List<String> left = new ArrayList<>();
        closing.forEach((name, closed) -> {
            if (!closed.isDone()) {
                left.add(name);
            }
        });
        LOG.warn(
                "Mappings {} still had work in hand after {}: it is left behind, and will be delivered again",
                left,
                timeout);
        all().forEach(MappingRunner::abandon);
        await(closing.values(), LAST_WORDS);
    }

    private static boolean await(Collection<CompletableFuture<Void>> futures, Duration timeout) {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
    }
}
