package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Alone;
import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.internal.lease.DatabaseLeases;
import io.shardmill.poller.internal.lease.LeaseThreads;
import io.shardmill.poller.internal.lease.LeaseTimes;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FaultText;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocationInterceptor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Runs mappings on real threads: creates the parts, and ends them in order. Mappings are managed through {@link #mappings()}. */
public final class Engine implements AutoCloseable {

    /**
     * The parts of an engine that have defaults.
     *
     * @param functionSettings returns the settings of functions that have none of their own
     * @param observers observe the mappings
     * @param workers makes the threads that turns and invocations run on; daemons or virtual ones
     */
    public record Customizations(
            Function<String, FunctionSettings> functionSettings,
            InvocationInterceptor interceptor,
            MappingObservers observers,
            ThreadFactory workers) {

        public static Customizations none() {
            return new Customizations(
                    name -> FunctionSettings.defaults(),
                    InvocationInterceptor.NONE,
                    mapping -> new ShardObserver() {},
                    DaemonThreads.numbered("shardmill-"));
        }
    }

    private final EngineSettings settings;
    private final EngineThreads threads;
    private final CheckpointWriter writer;
    private final Assignment assignment;
    private final Mappings mappings;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whether a stop has left something behind, for which nothing waits any more. */
    private volatile boolean leftBehind;

    public Engine(EngineSettings settings, EngineDependencies dependencies, Customizations customizations) {
        this(
                settings,
                dependencies,
                customizations,
                EngineMemory.ofHeap(Runtime.getRuntime().maxMemory()));
    }

    Engine(
            EngineSettings settings,
            EngineDependencies dependencies,
            Customizations customizations,
            EngineMemory memory) {
        this.settings = settings;
        this.threads =
                new EngineThreads(Math.max(2, Runtime.getRuntime().availableProcessors()), customizations.workers());
        InstantSource steady = new SteadyClock(dependencies.clock());
        this.writer = new CheckpointWriter(
                dependencies.stores().checkpoints(),
                new CheckpointWriter.Pace(
                        settings.checkpointInterval().toMillis(),
                        settings.checkpointPatience().toMillis()),
                steady,
                threads.dueTimes(steady),
                threads.checkpoints());
        this.assignment = assignment(dependencies.stores(), settings.namespace(), threads, steady);
        EnginePorts ports = new EnginePorts(
                dependencies.clock(),
                threads.dueTimes(dependencies.clock()),
                threads.pool(),
                threads.pool()::othersWait,
                Engine::requestId,
                writer,
                assignment::mayInvoke);
        this.mappings = new Mappings(
                new LocalResources(
                        dependencies,
                        customizations,
                        new Deadlines(threads.timer()),
                        new MappingPermits(settings.maximumConcurrency(), threads),
                        memory,
                        new FaultText(settings.showPayloads())),
                dependencies.stores(),
                new Coordination(settings.namespace(), assignment),
                ports);
    }

    /** A file has one process; on a server there may always be other processes. */
    private static Assignment assignment(
            EngineStores stores, String namespace, EngineThreads threads, InstantSource steady) {
        if (stores.members() == null) {
            return new Alone(owner());
        }
        return new DatabaseLeases(
                stores,
                namespace,
                LeaseTimes.DEFAULT,
                new LeaseThreads(steady, threads.dueTimes(steady), threads.heartbeats(), threads.looks()),
                Engine::owner);
    }

    public Mappings mappings() {
        return mappings;
    }

    /** Stops all mappings within the shutdown timeout and saves what is acknowledged; they can be started again. */
    public void stop() {
        if (!mappings.close(settings.shutdownTimeout())) {
            leftBehind = true;
        }
        assignment.leave();
    }

    /** Stops, and ends all threads; harmless when it is closed already. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stop();
        } finally {
            writer.saveNow();
            if (leftBehind) {
                threads.close(settings.shutdownTimeout().dividedBy(20), Duration.ZERO);
            } else {
                threads.close();
            }
        }
    }

    private static String owner() {
        return ManagementFactory.getRuntimeMXBean().getName() + "/" + requestId();
    }

    /** A random UUID without the price of secure randomness: it has to be distinct, not secret. */
    private static String requestId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        long variant2 = (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(version4, variant2).toString();
    }
}
