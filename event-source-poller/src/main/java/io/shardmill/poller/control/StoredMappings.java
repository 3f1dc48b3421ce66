package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the mappings that are kept in the store: at the beginning, and later those that other processes create; and
 * removes those whose deletion was accepted in a previous run. A running mapping that is deleted finds that out by
 * itself. Thread-safe.
 */
final class StoredMappings {

    private static final Logger LOG = LoggerFactory.getLogger(StoredMappings.class);
    private static final long RETRY_MILLIS = 1_000;

    /** An idle process notices by this, too, that the store can't be reached. */
    private static final long LISTING_MILLIS = 5_000;

    private final MappingStore store;
    private final String namespace;
    private final EnginePorts engine;
    private final MappingRegistry registry;
    private final Function<DesiredState, ManagedMapping> starter;
    private final Set<StoredMapping> refused = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Identifies the time from a start to the next stop; a check that was scheduled in an earlier one does nothing. */
    private volatile Object run = new Object();

    /** @param starter starts a mapping unless one of its name runs, and returns the one that runs */
    StoredMappings(ControlPorts ports, MappingRegistry registry, Function<DesiredState, ManagedMapping> starter) {
        this.store = ports.stores().mappings();
        this.namespace = ports.namespace();
        this.engine = ports.engine();
        this.registry = registry;
        this.starter = starter;
    }

    /** Starts what there is before it returns, if the store can be reached; if not, as soon as it can. */
    void start() {
        Object begun = new Object();
        run = begun;
        scheduled.set(true);
        check(begun);
    }

    void stop() {
        run = new Object();
        scheduled.set(false);
    }

    private void check(Object begun) {
        if (begun != run) {
            return;
        }
        try {
            store.all(namespace).forEach(this::start);
            if (failing.compareAndSet(true, false)) {
                LOG.info("The mappings that were created at run time can be read again");
            }
        } catch (RuntimeException
                | Error unreachable) { // full memory included: mappings of other processes are found later
            checkAfter(RETRY_MILLIS, begun);
            if (failing.compareAndSet(false, true)) {
                LOG.warn(
                        "The mappings that were created at run time can't be read; trying again every {} ms: {}",
                        RETRY_MILLIS,
                        unreachable.getMessage());
            }
            return;
        }
        scheduled.set(false);
        if (!registry.names().isEmpty()) {
            checkLater();
        }
    }

    /** Schedules the next check. A process without any mapping makes none: the timer would keep it alive. */
    void checkLater() {
        if (scheduled.compareAndSet(false, true)) {
            checkAfter(LISTING_MILLIS, run);
        }
    }

    private void checkAfter(long millis, Object begun) {
        try {
            engine.timer().at(engine.clock().millis() + millis, () -> checkNow(begun));
        } catch (RuntimeException | Error fault) {
            if (begun == run) {
                scheduled.set(false);
            }
            throw fault;
        }
    }

    /** On the timer's thread, which must not block. */
    private void checkNow(Object begun) {
        try {
            engine.pool().execute(() -> check(begun));
        } catch (RuntimeException | Error fault) {
            checkAfter(RETRY_MILLIS, begun);
            throw fault;
        }
    }

    /**
     * Stores a new mapping and starts it.
     *
     * @throws IllegalArgumentException if there is one of its name
     */
    ManagedMapping create(DesiredState desired) {
        StoredMapping row = store.find(namespace, desired.name()).orElse(null);
        if (row != null && row.document() != null) {
            throw nameIsTaken(desired);
        }
        long before = row == null ? AcceptedState.firstVersion(desired.lastModified()) : row.version();
        DesiredState created = desired.at(before + 1);
        StoredMapping written = new StoredDefinition().write(created, null);
        if (!(row == null ? store.create(namespace, written) : store.update(namespace, written))) {
            throw nameIsTaken(desired);
        }
        return starter.apply(created);
    }

    private static IllegalArgumentException nameIsTaken(DesiredState desired) {
        return new IllegalArgumentException("There is a mapping '" + desired.name() + "' in the database already");
    }

    /** Returns the readable mappings of all processes that were created at run time. */
    List<EventSourceMapping> all() {
        List<EventSourceMapping> all = new ArrayList<>();
        for (StoredMapping stored : store.all(namespace)) {
            try {
                DesiredState desired = new StoredDefinition().read(stored);
                if (desired != null) {
                    all.add(desired.mapping());
                }
            } catch (IllegalArgumentException unreadable) {
                refuse(stored, unreadable);
            }
        }
        return all;
    }

    private void start(StoredMapping stored) {
        ManagedMapping there = registry.find(stored.name());
        if (there != null) {
            if (stored.document() != null && there.origin() == Origin.CONFIGURED) {
                refuse(
                        stored,
                        "the application has a mapping of that name, which resumes at its checkpoints; rename that one to"
                                + " have both");
            }
        } else if (stored.document() != null && stored.deleted()) {
            if (store.delete(namespace, stored.name(), stored.version())) {
                LOG.info("Mapping '{}', whose deletion was accepted before, is deleted", stored.name());
            }
        } else {
            startNew(stored);
        }
    }

    private void startNew(StoredMapping stored) {
        try {
            DesiredState desired = new StoredDefinition().read(stored);
            if (desired != null) {
                ManagedMapping unused = starter.apply(desired);
            }
        } catch (IllegalArgumentException unreadable) {
            refuse(stored, unreadable);
        }
    }

    private void refuse(StoredMapping stored, IllegalArgumentException unreadable) {
        refuse(
                stored,
                "its definition in the database can't be read, correct or delete it there: " + unreadable.getMessage());
    }

    private void refuse(StoredMapping stored, String why) {
        if (refused.add(stored)) {
            LOG.warn("Mapping '{}', which was created at run time, is not started: {}", stored.name(), why);
        }
    }
}
