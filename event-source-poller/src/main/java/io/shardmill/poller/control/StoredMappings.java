package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.shard.EnginePorts;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the mappings that are kept in the store: at the beginning, and later those that other processes create. A
 * mapping that is deleted finds that out by itself. Looks from one thread at a time.
 */
final class StoredMappings {

    private static final Logger LOG = LoggerFactory.getLogger(StoredMappings.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long LISTING_MILLIS = 60_000;

    private final MappingStore store;
    private final String namespace;
    private final EnginePorts engine;
    private final RunningMappings running;
    private final Consumer<Told> starter;
    private final Set<StoredMapping> refused = new HashSet<>();

    /** From a start to the next stop; looks of an earlier one come to nothing. */
    private volatile Object life = new Object();

    private boolean failing;
    private boolean scheduled;

    StoredMappings(
            MappingStore store, String namespace, EnginePorts engine, RunningMappings running, Consumer<Told> starter) {
        this.store = store;
        this.namespace = namespace;
        this.engine = engine;
        this.running = running;
        this.starter = starter;
    }

    /** Starts what there is before it returns, if the store can be reached; if not, as soon as it can. */
    void start() {
        Object begun = new Object();
        life = begun;
        look(begun);
    }

    void stop() {
        life = new Object();
    }

    private synchronized void look(Object begun) {
        if (begun != life) {
            return;
        }
        scheduled = false;
        long again = LISTING_MILLIS;
        try {
            store.all(namespace).forEach(this::start);
            failing = false;
        } catch (RuntimeException unreachable) {
            again = RETRY_MILLIS;
            if (!failing) {
                LOG.warn(
                        "The mappings that were created at run time can't be read; trying again every {} ms: {}",
                        RETRY_MILLIS,
                        unreachable.getMessage());
                failing = true;
            }
        }
        if (failing || !running.names().isEmpty()) {
            schedule(begun, again);
        }
    }

    /** Sees to it that new ones are looked for. A process without any mapping doesn't: the timer would keep it alive. */
    synchronized void lookLater() {
        if (!scheduled) {
            schedule(life, LISTING_MILLIS);
        }
    }

    private void schedule(Object begun, long afterMillis) {
        scheduled = true;
        engine.timer()
                .at(engine.clock().millis() + afterMillis, () -> engine.pool().execute(() -> look(begun)));
    }

    private void start(StoredMapping stored) {
        MappingRunner there = running.find(stored.name());
        if (there == null) {
            try {
                starter.accept(StoredDefinition.told(stored));
            } catch (IllegalArgumentException unreadable) {
                refuse(
                        stored,
                        "its definition in the database can't be read, correct or delete it there: "
                                + unreadable.getMessage());
            }
        } else if (there.configuration().origin() == Origin.CONFIGURED) {
            refuse(
                    stored,
                    "the application has a mapping of that name, which goes on from its checkpoints; rename that one to"
                            + " have both");
        }
    }

    private void refuse(StoredMapping stored, String why) {
        if (refused.add(stored)) {
            LOG.warn("Mapping '{}', which was created at run time, is not started: {}", stored.name(), why);
        }
    }
}
