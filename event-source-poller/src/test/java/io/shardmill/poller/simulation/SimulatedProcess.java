package io.shardmill.poller.simulation;

import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.control.Coordination;
import io.shardmill.poller.control.MappingResources;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.internal.lease.DatabaseLeases;
import io.shardmill.poller.internal.lease.LeaseThreads;
import io.shardmill.poller.internal.lease.LeaseTimes;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.internal.shard.EngineTimer;
import io.shardmill.poller.internal.shard.Limits;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.Permits;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.OneThread;
import io.shardmill.poller.testkit.VirtualTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** A process with an engine in it. It can die at any moment: then nothing that it was about to do happens. */
final class SimulatedProcess implements Executor, EngineTimer {

    final String name;
    final int permits;
    final Mappings mappings;

    /** The settings it was started with, or updated to last. */
    EventSourceMapping settings;

    // The oracle's notes about it.
    final Map<String, CheckpointRow> taken = new HashMap<>();
    final Map<String, String> owners = new HashMap<>();
    final Map<String, ConsumerModel> consumers = new LinkedHashMap<>();
    final Map<String, ConsumerModel> keysInFlight = new HashMap<>();
    int inFlight;
    boolean isClosing;

    /** The pause that it obeys for sure: it was stored when it was started, or by itself; -1 if there is none. */
    int pausedIn;

    /** When saves began to fail. */
    long unsavedSince = Long.MAX_VALUE;

    final SimulatedTransactions transactions;
    private final VirtualTime time;
    private boolean alive = true;
    private long suspendedUntil;
    private long partitionedUntil;
    private int requests;
    private int lives;

    SimulatedProcess(String name, int permits, EventSourceMapping settings, SimulatedWorld world) {
        this.name = name;
        this.permits = permits;
        this.settings = settings;
        this.time = world.time;
        this.pausedIn = world.ledger.currentPause();
        DatabaseTrouble database = new DatabaseTrouble(this, world);
        SimulatedStore rows = new SimulatedStore(this, database, world);
        transactions = new SimulatedTransactions(this, database, world);
        CheckpointWriter.Pace pace = new CheckpointWriter.Pace(100, 10_000);
        var store = world.plant.store(rows, this);
        MemberStore members = world.plant.members(new SimulatedMemberStore(this, database, world), this);
        EngineStores stores = new EngineStores(
                store,
                world.plant.mappings(new SimulatedMappingStore(database, world)),
                new MemberStores(members, members),
                transactions);
        DatabaseLeases leases = new DatabaseLeases(
                stores,
                "test",
                LeaseTimes.DEFAULT,
                new LeaseThreads(time, this, new OneThread(this), new OneThread(this)),
                () -> name + "/" + ++lives);
        EnginePorts engine = new EnginePorts(
                time,
                this,
                this,
                () -> false,
                () -> name + "-request-" + ++requests,
                new CheckpointWriter(store, pace, time, this, this),
                leases::mayInvoke);
        Limits limit = new Limits(new Permits(permits), world.drawMemory());
        mappings = new Mappings(resources(world, limit), stores, new Coordination("test", leases), engine);
    }

    private MappingResources resources(SimulatedWorld world, Limits limit) {
        return new MappingResources() {
            @Override
            public StreamSource source(EventSourceMapping mapping) {
                return world.plant.source(new WatchedSource(SimulatedProcess.this, mapping, world), mapping);
            }

            @Override
            public MappingPorts resolve(EventSourceMapping mapping) {
                return new MappingPorts(
                        source(mapping),
                        KinesisFormat.of(world.stream.arn()),
                        world.plant.invoker(new SimulatedFunction(SimulatedProcess.this, mapping, world), mapping),
                        mapping.failureHandling().destination() == null
                                ? null
                                : new SimulatedDestination(SimulatedProcess.this, world),
                        limit,
                        new WatchingObserver(SimulatedProcess.this, world),
                        mapping.failureHandling().transactional() ? transactions : null);
            }

            @Override
            public void check(EventSourceMapping mapping) {}
        };
    }

    ReplicaGroup group() {
        return mappings.replicas().orElseThrow();
    }

    boolean isAlive() {
        return alive;
    }

    void die() {
        alive = false;
    }

    @Override
    public void execute(Runnable task) {
        time.execute(() -> ifAlive(task));
    }

    @Override
    public void at(long millis, Runnable task) {
        time.at(millis, () -> ifAlive(task));
    }

    /** Runs {@code task} after this many milliseconds. */
    void after(long millis, Runnable task) {
        at(time.millis() + millis, task);
    }

    /** Stands still for so long, while time passes and other processes go on. */
    void suspend(long millis) {
        suspendedUntil = time.millis() + millis;
    }

    /** Can't reach the database for so long. */
    void partition(long millis) {
        partitionedUntil = time.millis() + millis;
    }

    void heal() {
        suspendedUntil = 0;
        partitionedUntil = 0;
        group().resume();
    }

    boolean isPartitioned() {
        return time.millis() < partitionedUntil;
    }

    private void ifAlive(Runnable task) {
        if (alive && time.millis() < suspendedUntil) {
            time.at(suspendedUntil, () -> execute(task));
        } else if (alive) {
            task.run();
        }
    }

    ConsumerModel consumer(String shard) {
        ConsumerModel consumer = consumers.get(shard);
        if (consumer == null) {
            throw new Violation(name + " works on " + shard + " without having opened it");
        }
        return consumer;
    }
}
