package io.shardmill.poller.internal.lease;

import io.shardmill.poller.checkpoint.MemberStore;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among the members: keeps it alive by heartbeats, and joins again under another id after it was taken for dead.
 * Thread-safe; heartbeats are sent by one executor, which does nothing else.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /**
     * The process's standing.
     *
     * @param isRunning whether heartbeats are sent
     * @param lastRenewed when the last heartbeat that succeeded was sent, by the steady clock; it counts from then on. As long as
     *     it is not joined, since when it tries to be
     */
    private record Standing(String id, boolean isRunning, boolean isJoined, long lastRenewed) {

        static Standing out(String id) {
            return new Standing(id, false, false, Long.MIN_VALUE);
        }

        static Standing joining(String id, long since) {
            return new Standing(id, true, false, since);
        }

        Standing renewed(long sent) {
            return new Standing(id, isRunning, true, sent);
        }
    }

    private final MemberStore store;
    private final String namespace;
    private final LeaseTimes times;
    private final LeaseThreads threads;
    private final Supplier<String> ids;
    private final Runnable changed;
    private volatile Standing standing;

    /** Touched by the heartbeats only. */
    private boolean isFailing;

    /**
     * @param ids gives an id that nobody had before
     * @param changed called after this process has joined, or was fenced off
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
        this.threads = threads;
        this.ids = ids;
        this.changed = changed;
        this.standing = Standing.out(ids.get());
    }

    /** Begins to send heartbeats; returns false if it did before. */
    boolean start() {
        Standing before = standing;
        Standing running = Standing.joining(before.id(), threads.clock().millis());
        if (before.isRunning() || !change(before, running)) {
            return false;
        }
        threads.heartbeats().execute(() -> beat(running.id()));
        return true;
    }

    /** Returns the id under which shards are taken now. */
    String id() {
        return standing.id();
    }

    boolean isRunning() {
        return standing.isRunning();
    }

    boolean isJoined() {
        return standing.isJoined();
    }

    /**
     * Returns whether no other process can have taken this one for dead since it took shards under this id, by its own clock and
     * with a margin.
     */
    boolean isCertain(String id) {
        Standing now = standing;
        return now.isJoined()
                && now.id().equals(id)
                && threads.clock().millis() - now.lastRenewed() < times.certainMillis();
    }

    /** Returns how long ago the last heartbeat that succeeded was sent; as long as none has, how long it is tried. */
    long heartbeatAgeMillis() {
        Standing now = standing;
        return now.isRunning() ? threads.clock().millis() - now.lastRenewed() : 0;
    }

    /** @param id of the process when this heartbeat was planned; after it has left, those of before are none any more */
    private void beat(String id) {
        Standing before = standing;
        if (!before.isRunning() || !before.id().equals(id)) {
            return;
        }
        long sent = threads.clock().millis();
        Standing after = before;
        try {
            after = send(before, sent);
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
            boolean isStill = change(before, after);
            if (isStill) {
                next(after.id(), sent + times.heartbeatMillis());
            }
            if (isStill && before.isJoined() != after.isJoined()) {
                changed.run();
            }
        }
    }

    private Standing send(Standing before, long sent) {
        if (!before.isJoined()) {
            store.join(namespace, before.id(), times.timeToLiveMillis());
            return before.renewed(sent);
        }
        if (store.renew(namespace, before.id())) {
            return before.renewed(sent);
        }
        LOG.warn(
                "Other processes took this one for dead, because no heartbeat of it arrived for {} ms; they have its shards."
                        + " It drops its work and joins anew",
                times.timeToLiveMillis());
        return Standing.joining(ids.get(), sent);
    }

    private void next(String id, long due) {
        try {
            threads.timer().at(due, () -> threads.heartbeats().execute(() -> beat(id)));
        } catch (RejectedExecutionException closed) {
            LOG.debug("No heartbeats any more", closed);
        }
    }

    private synchronized boolean change(Standing from, Standing to) {
        boolean isStill = standing.equals(from);
        if (isStill) {
            standing = to;
        }
        return isStill;
    }

    private synchronized Standing end() {
        Standing last = standing;
        standing = Standing.out(ids.get());
        return last;
    }

    /** Sends no heartbeat any more and removes this process from the members; blocks. */
    void leave() {
        Standing last = end();
        if (last.isRunning()) {
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
