package io.shardmill.poller.internal.lease;

import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.internal.shard.EngineTimer;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among the members: keeps it alive by heartbeats, and joins again under another id after it was taken for dead.
 * Thread-safe; heartbeats are sent by one executor, which does nothing else.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** @param lastRenewed when the last heartbeat that succeeded was sent, by the steady clock; it counts from then on */
    private record State(String id, boolean isJoined, long lastRenewed) {}

    private final MemberStore store;
    private final String namespace;
    private final LeaseTimes times;
    private final InstantSource clock;
    private final EngineTimer timer;
    private final Executor executor;
    private final Supplier<String> ids;
    private final Runnable changed;
    private volatile State state;
    private final AtomicBoolean isRunning = new AtomicBoolean();
    private boolean isFailing;

    /**
     * @param ids gives an id that nobody had before
     * @param changed called after this process has joined
     */
    Membership(
            MemberStore store,
            String namespace,
            LeaseTimes times,
            LeaseThreads threads,
            Supplier<String> ids,
            Runnable changed) {
        this.store = store;
        this.namespace = namespace;
        this.times = times;
        this.clock = threads.clock();
        this.timer = threads.timer();
        this.executor = threads.heartbeats();
        this.ids = ids;
        this.changed = changed;
        this.state = new State(ids.get(), false, Long.MIN_VALUE);
    }

    /** Begins to send heartbeats; returns false if it did before. */
    boolean start() {
        boolean isNew = isRunning.compareAndSet(false, true);
        if (isNew) {
            executor.execute(this::beat);
        }
        return isNew;
    }

    boolean isRunning() {
        return isRunning.get();
    }

    /** Returns the id under which shards are taken now. */
    String id() {
        return state.id();
    }

    boolean isJoined() {
        return state.isJoined();
    }

    /** Returns whether no other process can have taken this one for dead, by its own clock and with a margin. */
    boolean isCertain() {
        State now = state;
        return now.isJoined() && clock.millis() - now.lastRenewed() < times.certainMillis();
    }

    private void beat() {
        if (!isRunning()) {
            return;
        }
        long sent = clock.millis();
        try {
            if (!state.isJoined()) {
                store.join(namespace, state.id(), times.timeToLiveMillis());
                state = new State(state.id(), true, sent);
                changed.run();
            } else if (store.renew(namespace, state.id())) {
                state = new State(state.id(), true, sent);
            } else {
                fenced();
            }
            if (isFailing) {
                LOG.info("Heartbeats succeed again");
                isFailing = false;
            }
        } catch (RuntimeException unreachable) {
            if (!isFailing) {
                LOG.warn(
                        "A heartbeat failed; nothing new is invoked from {} ms after the last one that succeeded: {}",
                        times.certainMillis(),
                        unreachable.getMessage());
                isFailing = true;
            }
        } finally {
            next(sent + times.heartbeatMillis());
        }
    }

    private void fenced() {
        LOG.warn(
                "Other processes took this one for dead, because no heartbeat of it arrived for {} ms; they have its shards."
                        + " It drops its work and joins anew",
                times.timeToLiveMillis());
        state = new State(ids.get(), false, Long.MIN_VALUE);
        changed.run();
    }

    private void next(long due) {
        try {
            timer.at(due, this::beatSoon);
        } catch (RejectedExecutionException closed) {
            LOG.debug("No heartbeats any more", closed);
        }
    }

    private void beatSoon() {
        if (isRunning()) {
            executor.execute(this::beat);
        }
    }

    /** Sends no heartbeat any more and removes this process from the members; blocks. */
    void leave() {
        State last = state;
        isRunning.set(false);
        state = new State(ids.get(), false, Long.MIN_VALUE);
        if (last.isJoined()) {
            try {
                store.leave(namespace, last.id());
            } catch (RuntimeException unreachable) {
                LOG.warn(
                        "This process can't say that it leaves; its shards are taken over {} ms after its last heartbeat: {}",
                        times.timeToLiveMillis(),
                        unreachable.getMessage());
            }
        }
    }
}
