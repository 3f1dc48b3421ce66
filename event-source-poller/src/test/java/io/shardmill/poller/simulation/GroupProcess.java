package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.assignment.Alone;
import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.control.Coordination;
import io.shardmill.poller.control.EventFormats;
import io.shardmill.poller.control.MappingResources;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.internal.lease.DatabaseLeases;
import io.shardmill.poller.internal.lease.LeaseThreads;
import io.shardmill.poller.internal.lease.LeaseTimes;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.internal.shard.EngineTimer;
import io.shardmill.poller.internal.shard.Limits;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.Permits;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.FakeGroupMember;
import io.shardmill.poller.testkit.FakeGroupTopic;
import io.shardmill.poller.testkit.OneThread;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.runtime.InvocationOutcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A process with an engine in it that reads the topic as a member of the group. It can die and stand still. */
final class GroupProcess implements Executor, EngineTimer {

    final String name;
    final GroupDatabase store;
    final Mappings mappings;
    final FakeGroupTopic topic;

    // The ledger's notes about it.
    final Map<String, String> owners = new HashMap<>();
    final Map<String, Integer> eras = new HashMap<>();

    /** What the group's positions at which shards began have said of later records. */
    final Map<String, Progress> ahead = new HashMap<>();

    /** Shards of which it has read records that are lost, and of which it must finish no other. */
    final Set<String> lost = new HashSet<>();

    final Set<String> unclean = new HashSet<>();
    final Set<String> givenUp = new HashSet<>();

    private final GroupWorld world;
    private final VirtualTime time;
    private boolean alive = true;
    private long suspendedUntil;
    private long partitionedUntil;
    private int requests;
    private int lives;

    GroupProcess(String name, GroupDatabase store, GroupWorld world) {
        this.name = name;
        this.store = store;
        this.world = world;
        this.time = world.time;
        this.topic = new FakeGroupTopic(world.group, name, this);
        GroupStore troubled = new GroupStore(store, this, world);
        CheckpointStore rows = world.plant.store(troubled);
        EngineStores stores = new EngineStores(
                rows,
                new GroupMappingStore(store, troubled, this, world),
                store.isShared() ? new MemberStores(store.members(), store.members()) : null,
                null);
        Assignment assignment = store.isShared()
                ? new DatabaseLeases(
                        stores,
                        GroupDatabase.NAMESPACE,
                        LeaseTimes.DEFAULT,
                        new LeaseThreads(time, this, new OneThread(this), new OneThread(this)),
                        () -> name + "/" + ++lives)
                : new Alone(name);
        CheckpointWriter.Pace pace = new CheckpointWriter.Pace(100, 10_000);
        EnginePorts engine = new EnginePorts(
                time,
                this,
                this,
                () -> false,
                () -> name + "-request-" + ++requests,
                new CheckpointWriter(rows, pace, time, this, this),
                assignment::mayInvoke);
        mappings = new Mappings(
                resources(new Limits(new Permits(100), EngineMemory.ofHeap(1L << 32))),
                stores,
                new Coordination(GroupDatabase.NAMESPACE, assignment),
                engine);
    }

    private MappingResources resources(Limits limits) {
        StreamSource source = world.plant.source(topic);
        return new MappingResources() {
            @Override
            public StreamSource source(EventSourceMapping mapping) {
                return source;
            }

            @Override
            public MappingPorts resolve(EventSourceMapping mapping) {
                return new MappingPorts(
                        source,
                        EventFormats.of(source, null),
                        (invocation, listener, later) -> invoke(invocation.records(), later),
                        null,
                        limits,
                        new Observer(),
                        null);
            }

            @Override
            public void check(EventSourceMapping mapping) {}
        };
    }

    private Completion<InvocationOutcome> invoke(List<Record> batch, Consumer<InvocationOutcome> later) {
        world.ledger.invoked(this, batch);
        boolean isDone = !world.strikes(world.badInvocations);
        InvocationOutcome outcome = isDone
                ? new InvocationOutcome.Succeeded()
                : InvocationOutcome.Failure.threw(new IllegalStateException("not now"));
        long takes = world.drawDuration();
        if (takes == 0) {
            world.ledger.returned(this, batch, isDone);
            return Completion.here(outcome);
        }
        at(time.millis() + takes, () -> {
            world.ledger.returned(this, batch, isDone);
            later.accept(outcome);
        });
        return Completion.later();
    }

    private final class Observer implements ShardObserver {

        @Override
        public void lost(Shard shard) {
            world.tally.count("lost shards");
            givenUp.add(shard.id());
        }

        @Override
        public void leftRunning(Shard shard) {
            world.tally.count("left running");
            givenUp.add(shard.id());
        }

        @Override
        public void handedOver(Shard shard) {
            world.tally.count("handed over");
        }

        @Override
        public void crashed(Shard shard, Throwable fault) {
            world.verdict.wrong(name + " has a fault in " + shard + ": " + fault);
        }
    }

    boolean isAlive() {
        return alive;
    }

    boolean isReading(String shard) {
        FakeGroupMember member = topic.member();
        return alive && member != null && member.isReading(shard);
    }

    boolean isReadingUpTo(String shard, long offset) {
        FakeGroupMember member = topic.member();
        return isReading(shard) && member != null && member.isReadingUpTo(shard, offset);
    }

    void die() {
        alive = false;
    }

    /** Stands still for so long, while time passes and others go on. */
    void suspend(long millis) {
        suspendedUntil = time.millis() + millis;
    }

    /** Can't reach the database for so long. */
    void partition(long millis) {
        partitionedUntil = time.millis() + millis;
    }

    boolean isPartitioned() {
        return time.millis() < partitionedUntil;
    }

    void heal() {
        suspendedUntil = 0;
        partitionedUntil = 0;
        if (topic.member() != null) {
            topic.member().cut(0);
        }
    }

    @Override
    public void execute(Runnable task) {
        time.execute(() -> ifAlive(task));
    }

    @Override
    public void at(long millis, Runnable task) {
        time.at(millis, () -> ifAlive(task));
    }

    private void ifAlive(Runnable task) {
        if (alive && time.millis() < suspendedUntil) {
            time.at(suspendedUntil, () -> execute(task));
        } else if (alive) {
            task.run();
        }
    }
}
