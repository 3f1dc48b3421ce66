package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.internal.reconcile.DesiredState;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's desired state in the store, and as this process knows it. Each change is made on what was accepted last, by
 * whatever process, and is stored before it counts. Thread-safe.
 */
final class AcceptedState {

    /** A change of what was accepted last; made again if another process comes between. Refuses by throwing. */
    interface Change {

        /** Returns null if there is nothing to change. */
        @Nullable
        DesiredState of(DesiredState accepted);
    }

    /** Writers of one process take turns, so that only other processes can come between. */
    private static final int TRIES = 50;

    private static final long VERSIONS_A_MILLISECOND = 1_000;

    private final MappingStore store;
    private final String namespace;
    private final DefinitionSource source;
    private final Supplier<Instant> now;

    /** Held over calls of the store, but by callers only: a mapping's turns never take it. */
    private final Lock writers = new ReentrantLock();

    private volatile DesiredState last;

    /** @param first what is desired until the store can be read */
    AcceptedState(
            MappingStore store, String namespace, DefinitionSource source, Supplier<Instant> now, DesiredState first) {
        this.store = store;
        this.namespace = namespace;
        this.source = source;
        this.now = now;
        this.last = first;
    }

    /**
     * Returns a version for a mapping that is stored for the first time. It is above those of earlier mappings of its name,
     * so that no change of one of them can count for it.
     */
    static long firstVersion(Instant now) {
        return now.toEpochMilli() * VERSIONS_A_MILLISECOND;
    }

    DefinitionSource source() {
        return source;
    }

    /** Returns what this process knows to be accepted; at once. */
    DesiredState last() {
        return source.complete(last);
    }

    /**
     * Stores a change; blocks.
     *
     * @return what is accepted now
     * @throws UnknownMappingException if another process has removed the mapping
     * @throws io.shardmill.poller.checkpoint.CheckpointStoreException if the store fails: the change is not accepted, though
     *     it may have been stored
     * @throws IllegalStateException if other processes always come between
     */
    DesiredState accept(Change change) {
        writers.lock();
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                StoredMapping row = store.find(namespace, name()).orElse(null);
                DesiredState current = current(row);
                @Nullable DesiredState changed = change.of(current);
                if (changed == null) {
                    return current;
                }
                DesiredState next = changed.at(current.version() + 1).modified(now.get());
                if (write(next, row)) {
                    source.accepted(next.mapping());
                    remember(next);
                    return next;
                }
            }
        } finally {
            writers.unlock();
        }
        throw new IllegalStateException(
                "Mapping '" + name() + "' is changed by other processes all the time; try again");
    }

    private String name() {
        return last.name();
    }

    private DesiredState current(@Nullable StoredMapping row) {
        DesiredState stored = source.read(row);
        if (stored == null) {
            throw new UnknownMappingException("Mapping '" + name() + "' was deleted by another process");
        }
        return row == null ? stored.at(firstVersion(now.get())) : stored;
    }

    private boolean write(DesiredState next, @Nullable StoredMapping row) {
        StoredMapping written = source.write(next, row);
        return row == null ? store.create(namespace, written) : store.update(namespace, written);
    }

    private synchronized void remember(DesiredState accepted) {
        if (accepted.version() > last.version()) {
            last = accepted;
        }
    }

    private synchronized void replace(DesiredState forgotten, DesiredState stored) {
        if (last.equals(forgotten)) {
            last = stored;
        }
    }

    /**
     * Reads what other processes have accepted; blocks. What was known before and is newer than what is stored is forgotten: the
     * store was restored from an older state.
     *
     * @return false if the mapping was removed
     */
    boolean refresh() {
        DesiredState known = last;
        StoredMapping row = store.find(namespace, name()).orElse(null);
        if (row != null && row.version() == known.version()) {
            return true;
        }
        DesiredState stored = source.read(row);
        if (stored != null && stored.version() < known.version()) {
            replace(known, stored);
        } else if (stored != null) {
            remember(stored);
        }
        return stored != null;
    }
}
