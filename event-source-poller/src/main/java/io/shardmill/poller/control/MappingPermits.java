package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.Permits;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gives each mapping permits for its invocations and sends, and the pool threads for all of them. Thread-safe. */
final class MappingPermits {

    /** A mapping's own turns, beside those of its invocations. */
    private static final int TURN_THREADS = 2;

    private final int maximumConcurrency;
    private final EngineThreads threads;
    private final Map<String, Permits> given = new ConcurrentHashMap<>();

    MappingPermits(int maximumConcurrency, EngineThreads threads) {
        this.maximumConcurrency = maximumConcurrency;
        this.threads = threads;
    }

    /** Makes room in the pool, so that a mapping's permits never take the threads of another. */
    Permits give(String mapping) {
        threads.grow(maximumConcurrency + TURN_THREADS);
        Permits permits = new Permits(maximumConcurrency);
        given.put(mapping, permits);
        return permits;
    }

    /** Gives the room back when the last call of the mapping has returned. */
    void takeBack(String mapping) {
        Permits permits = given.remove(mapping);
        if (permits != null) {
            permits.whenAllReturned(() -> threads.shrink(maximumConcurrency + TURN_THREADS));
        }
    }
}
