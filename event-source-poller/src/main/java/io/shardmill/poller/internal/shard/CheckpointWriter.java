package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the newest state of all shards and saves them in one transaction: the first change at once,
 * further ones at most every interval. Thread-safe; one save runs at a time.
 */
public final class CheckpointWriter {

    /** The owner of a state. Called on the writer's thread; must not block. */
    public interface Listener {

        void saved(CheckpointUpdate update);

        /** Another process has the shard: no further state of it is saved. */
        void lost();
    }

    /**
     * When to save.
     *
     * @param intervalMillis the least time between two saves
     * @param patienceMillis how long saves may fail before shards stop working
     */
    public record Pace(long intervalMillis, long patienceMillis) {}

    /**
     * Saves don't succeed.
     *
     * @param since when the first of them was due
     */
    public record SaveFailure(Instant since, String reason) {}

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
    private static final long RETRY_MILLIS = 500;
    private static final long NEVER = Long.MIN_VALUE;

    private final CheckpointStore store;
    private final Pace pace;
    private final InstantSource clock;
    private final EngineTimer timer;
    private final Executor executor;
    private final Map<Listener, CheckpointUpdate> newest = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable save = this::save;
    private final Runnable saveWhenDue = this::scheduleAgain;
    private volatile long notBefore = NEVER;

    /** Since when a save is due and has not succeeded, whether saves fail or hang. */
    private volatile long dueSince = NEVER;

    /** The reason why the last save failed; null if it succeeded. */
    private volatile @Nullable String failure;

    /**
     * @param clock measures intervals; nobody sets it
     * @param timer goes by that clock
     * @param executor runs the saves, which block; a thread of its own
     */
    public CheckpointWriter(
            CheckpointStore store, Pace pace, InstantSource clock, EngineTimer timer, Executor executor) {
        this.store = store;
        this.pace = pace;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
    }

    /** Saves this state soon, unless a newer one of the shard comes first. */
    public void offer(Listener shard, CheckpointUpdate update) {
        newest.put(shard, update);
        schedule();
    }

    /** Schedules a save, unless one is scheduled or nothing is to be saved. If that fails, the next call tries again. */
    void schedule() {
        if (!newest.isEmpty() && scheduled.compareAndSet(false, true)) {
            if (dueSince == NEVER) {
                dueSince = Math.max(clock.millis(), notBefore);
            }
            try {
                if (clock.millis() >= notBefore) {
                    executor.execute(save);
                } else {
                    timer.at(notBefore, saveWhenDue);
                }
            } catch (RejectedExecutionException closed) {
                scheduled.set(false);
                LOG.warn(
                        "The last checkpoints of {} shards are not saved: what they say is finished will be delivered"
                                + " again",
                        newest.size());
            } catch (RuntimeException | Error fault) {
                scheduled.set(false);
                throw fault;
            }
        }
    }

    private void scheduleAgain() {
        scheduled.set(false);
        schedule();
    }

    /** Saves what is left without waiting for the interval; the last call before the executor is shut down. */
    public void saveNow() {
        executor.execute(save);
    }

    /** Returns whether saves have failed for longer than the patience: finishing more work would only deliver it twice. */
    public boolean isStalled() {
        long since = dueSince;
        return since != NEVER && clock.millis() - since >= pace.patienceMillis();
    }

    /** Since when, and why, nothing can be saved; null as long as saves succeed, or are expected to in time. */
    public @Nullable SaveFailure saveFailure() {
        long since = dueSince;
        String reason = failure;
        if (reason == null && isStalled()) {
            reason = "the checkpoint database does not answer";
        }
        return since == NEVER || reason == null ? null : new SaveFailure(Instant.ofEpochMilli(since), reason);
    }

    /** A state is kept until it is saved and its shard knows. */
    private void save() {
        try {
            Map<Listener, CheckpointUpdate> updates = new LinkedHashMap<>(newest);
            Set<CheckpointUpdate> lost =
                    updates.isEmpty() ? Set.of() : new HashSet<>(store.save(List.copyOf(updates.values())));
            succeeded();
            updates.forEach((shard, update) -> {
                if (lost.contains(update)) {
                    shard.lost();
                } else {
                    shard.saved(update);
                }
                newest.remove(shard, update);
            });
        } catch (RuntimeException | Error failure) { // whatever it was, the states are saved again
            failed(failure);
        } finally {
            scheduleAgain();
        }
    }

    private void succeeded() {
        long now = clock.millis();
        notBefore = now + pace.intervalMillis();
        if (failure != null) {
            LOG.info("Checkpoints are saved again after {} ms", now - dueSince);
            failure = null;
        }
        dueSince = NEVER;
    }

    private void failed(Throwable failure) {
        notBefore = clock.millis() + RETRY_MILLIS;
        boolean isFirst = this.failure == null;
        this.failure = String.valueOf(failure.getMessage());
        if (isFirst) {
            LOG.warn(
                    "Checkpoints can't be saved: {}. Trying again every {} ms; shards stop after {} ms without one",
                    this.failure,
                    RETRY_MILLIS,
                    pace.patienceMillis(),
                    failure);
        }
    }
}
