package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.EnginePorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mappings of this process. Thread-safe. Calls that change a mapping return when the change is made;
 * changes of one mapping are made one after the other.
 */
public final class Mappings {

    private static final Logger LOG = LoggerFactory.getLogger(Mappings.class);
    private static final Duration ANSWER_TIME = Duration.ofSeconds(10);

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
     * @param replay deliver again from there, or null to go on from the checkpoints
     * @throws RuntimeException if a mapping of that name exists, or it names a function or destination that does not
     */
    public synchronized void start(EventSourceMapping mapping, @Nullable Replay replay) {
        if (runners.containsKey(mapping.name())) {
            throw new IllegalArgumentException("There is a mapping '" + mapping.name() + "' already");
        }
        MappingRunner runner = new MappingRunner(mapping, resources, store, identity, engine);
        runners.put(mapping.name(), runner);
        runner.start(replay);
    }

    public synchronized List<String> names() {
        return List.copyOf(runners.keySet());
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
    public MappingStatus describe(String name) {
        return await(runner(name).describe(), ANSWER_TIME, "describe mapping '" + name + "'");
    }

    /**
     * Stops delivering and stores that, until {@link #resume}: also across restarts. Waits for running
     * invocations as long as they take.
     */
    public void pause(String name) {
        awaitChange(runner(name).pause());
    }

    /** Goes on from where {@link #pause} stopped. */
    public void resume(String name) {
        awaitChange(runner(name).resume());
    }

    /**
     * Delivers again from there. Waits for running invocations as long as they take.
     *
     * @throws IllegalArgumentException if the stream has no such place
     */
    public void replay(String name, Replay replay) {
        awaitChange(runner(name).replay(replay));
    }

    /** Goes on with other settings from where the mapping is. Waits for running invocations as long as they take. */
    public void update(EventSourceMapping mapping) {
        awaitChange(runner(mapping.name()).update(mapping));
    }

    /**
     * Waits until everything that is in the streams of all mappings now is finished and saved.
     *
     * @return false if that took longer
     */
    public boolean awaitDrained(Duration timeout) {
        return awaitDrained(all(), timeout);
    }

    /** Waits until everything that is in the mapping's stream now is finished and saved; false if that took longer. */
    public boolean awaitDrained(String name, Duration timeout) {
        return awaitDrained(List.of(runner(name)), timeout);
    }

    private static boolean awaitDrained(Collection<MappingRunner> runners, Duration timeout) {
        List<CompletableFuture<Void>> drained =
                runners.stream().map(MappingRunner::drained).toList();
        try {
            return awaitAll(drained, timeout);
        } finally {
            drained.forEach(future -> future.cancel(false));
        }
    }

    /**
     * Stops all mappings: no new invocation; running ones are waited for as long as given, then left behind
     * with a warning; what is acknowledged is saved.
     */
    public void close(Duration timeout) {
        Map<String, CompletableFuture<Void>> closing = new LinkedHashMap<>();
        synchronized (this) {
            runners.forEach((name, runner) -> closing.put(name, runner.close()));
        }
        if (awaitAll(closing.values(), timeout)) {
            return;
        }
        List<String> left = new ArrayList<>();
        closing.forEach((name, closed) -> {
            if (!closed.isDone()) {
                left.add(name);
            }
        });
        LOG.warn(
                "Mappings {} still ran invocations after {}: they are left behind, and their batches will be"
                        + " delivered again",
                left,
                timeout);
        all().forEach(MappingRunner::abandon);
        awaitAll(closing.values(), ANSWER_TIME);
    }

    private static boolean awaitAll(Collection<CompletableFuture<Void>> futures, Duration timeout) {
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
            throw rethrown(failed);
        }
    }

    private static void awaitChange(CompletableFuture<Void> change) {
        try {
            change.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a mapping was being changed", interrupted);
        } catch (ExecutionException failed) {
            throw rethrown(failed);
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration timeout, String what) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted: could not " + what, interrupted);
        } catch (TimeoutException late) {
            throw new IllegalStateException("Could not " + what + " within " + timeout, late);
        } catch (ExecutionException failed) {
            throw rethrown(failed);
        }
    }

    private static RuntimeException rethrown(ExecutionException failed) {
        return failed.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException(failed.getCause());
    }
}
