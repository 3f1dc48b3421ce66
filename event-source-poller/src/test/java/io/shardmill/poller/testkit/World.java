package io.shardmill.poller.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.assignment.Alone;
import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.Coordination;
import io.shardmill.poller.control.EventFormats;
import io.shardmill.poller.control.MappingResources;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.internal.lease.DatabaseLeases;
import io.shardmill.poller.internal.lease.LeaseThreads;
import io.shardmill.poller.internal.lease.LeaseTimes;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.internal.shard.Limits;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.Permits;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.UnusableFunctionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An engine in virtual time, with one stream, one function and one destination. {@link #restart} and
 * {@link #crash} begin a new life on the same stream and checkpoints.
 */
public final class World {

    public static final String NAMESPACE = "test";

    public final VirtualTime time;
    public final FakeStream stream;
    public final ScriptedFunction function;
    public final FakeDestination destination = new FakeDestination();
    private StreamSource source;
    private BatchInvoker invoker;
    /** Its clock never moves: epochs count takeovers. */
    private CheckpointStore store = new InMemoryCheckpointStore(InstantSource.fixed(Instant.EPOCH));

    private @Nullable FunctionTransactions transactions;
    private ShardObserver observer = new ShardObserver() {};
    private int permits = 1_000;
    private EngineMemory memory = EngineMemory.ofHeap(1L << 32);
    private int lives;
    private int requests;
    private @Nullable MappingStore mappingStore;
    private @Nullable InMemoryMemberStore members;
    private final Set<String> missingFunctions = new HashSet<>();
    private final List<String> resolved = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private @Nullable Mappings mappings;

    public World(int shards) {
        this(shards, new VirtualTime());
    }

    public World(int shards, VirtualTime time) {
        this(time, new FakeStream("orders", shards, time));
    }

    /** Of a topic of Kafka with one partition. */
    public static World ofTopic() {
        return ofTopic(1);
    }

    /** Of a topic of Kafka. */
    public static World ofTopic(int partitions) {
        VirtualTime time = new VirtualTime();
        return new World(time, FakeStream.topic("orders", partitions, time));
    }

    private World(VirtualTime time, FakeStream stream) {
        this.time = time;
        this.stream = stream;
        this.function = new ScriptedFunction(time);
        this.source = stream;
        this.invoker = function;
    }

    /** Reads this in place of {@link #stream}. */
    public World with(StreamSource source) {
        this.source = source;
        return this;
    }

    /** Invokes this in place of {@link #function}. */
    public World with(BatchInvoker invoker) {
        this.invoker = invoker;
        return this;
    }

    public World with(CheckpointStore store) {
        this.store = store;
        return this;
    }

    public World with(MappingStore store) {
        this.mappingStore = store;
        return this;
    }

    /** Transactional mappings run in these, in place of those of the store. */
    public World with(FunctionTransactions transactions) {
        this.transactions = transactions;
        return this;
    }

    public World with(ShardObserver observer) {
        this.observer = observer;
        return this;
    }

    public World withMemory(EngineMemory memory) {
        this.memory = memory;
        return this;
    }

    public World withPermits(int permits) {
        this.permits = permits;
        return this;
    }

    public CheckpointStore store() {
        return store;
    }

    private @Nullable FunctionTransactions transactions() {
        if (transactions != null) {
            return transactions;
        }
        return store instanceof InMemoryCheckpointStore memory ? memory.transactions() : null;
    }

    /** What is saved of a shard of {@link #mapping}. */
    public CheckpointRow row(String shard) {
        MappingKey key = new MappingKey(
                NAMESPACE,
                mapping().name(),
                mapping().stream(),
                stream.describe().incarnation());
        return store.load(key).stream()
                .filter(row -> row.shard().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    /** A mapping of the function onto the stream; change it with its {@code with…} methods. */
    public EventSourceMapping mapping() {
        return mapping("orders");
    }

    /** Another mapping onto the same stream. */
    public EventSourceMapping mapping(String name) {
        return EventSourceMapping.of(name, "orders");
    }

    /** Begins a life: starts the mapping and lets everything run that is ready. */
    public World start(EventSourceMapping mapping) {
        begin(mapping);
        time.settle();
        return this;
    }

    /** Begins a life without letting anything run yet. */
    public void begin(EventSourceMapping mapping) {
        begin(mapping, StartOptions.FROM_CHECKPOINTS);
    }

    public void begin(EventSourceMapping mapping, StartOptions begin) {
        newLife();
        mappings().start(mapping, begin);
    }

    /** Begins a life with the mappings that were created at run time in earlier ones, and lets everything run that is ready. */
    public World start() {
        newLife();
        mappings().startStored();
        time.settle();
        return this;
    }

    private void newLife() {
        mappings = anotherProcess();
    }

    /** From now on processes share the shards. */
    public World shared() {
        members = new InMemoryMemberStore();
        return this;
    }

    /** The processes that share the shards. */
    public InMemoryMemberStore members() {
        return Objects.requireNonNull(members, "not shared");
    }

    /** Mappings of another process on the same stream, function and database, which does not crash or stop with this one. */
    public Mappings anotherProcess() {
        return process("life-" + ++lives, new Replica(time));
    }

    /** Mappings of another process with these threads. */
    public Mappings process(String name, Replica threads) {
        EngineStores stores = new EngineStores(
                store, mappingStore(), members == null ? null : new MemberStores(members, members), transactions());
        Assignment assignment = assignment(name, stores, threads);
        CheckpointWriter writer =
                new CheckpointWriter(store, new CheckpointWriter.Pace(100, 10_000), time, threads, threads);
        EnginePorts engine = new EnginePorts(
                time, threads, threads, () -> false, () -> "request-" + ++requests, writer, assignment::mayInvoke);
        return new Mappings(
                new Resources(new Limits(new Permits(permits), memory)),
                stores,
                new Coordination(NAMESPACE, assignment),
                engine);
    }

    private Assignment assignment(String name, EngineStores stores, Replica threads) {
        if (stores.members() == null) {
            return new Alone(name);
        }
        int[] ids = {0};
        return new DatabaseLeases(
                stores,
                NAMESPACE,
                LeaseTimes.DEFAULT,
                new LeaseThreads(time, threads, threads, threads),
                () -> name + "/" + ++ids[0]);
    }

    /** The mappings that were created at run time. */
    public MappingStore mappingStore() {
        if (mappingStore == null) {
            mappingStore = new InMemoryMappingStore(store);
        }
        return mappingStore;
    }

    /** Stores, as another process would, that {@link #mapping} is paused or not. */
    public void storePaused(boolean paused) {
        StoredMapping before = mappingStore()
                .find(NAMESPACE, mapping().name())
                .orElseGet(() -> new StoredMapping(
                        mapping().name(), null, true, false, null, time.instant(), time.millis() * 1_000));
        StoredMapping after = new StoredMapping(
                before.name(),
                before.document(),
                !paused,
                before.deleted(),
                before.replay(),
                time.instant(),
                before.version() + 1);
        if (!mappingStore().create(NAMESPACE, after) && !mappingStore().update(NAMESPACE, after)) {
            throw new AssertionError("Could not store " + after);
        }
    }

    /** From now on there is no function of that name, or there is one again. */
    public void functionIsMissing(String name, boolean missing) {
        if (missing) {
            missingFunctions.add(name);
        } else {
            missingFunctions.remove(name);
        }
    }

    /** Returns the mappings whose stream, function and destination are resolved, one for each time. */
    public List<String> resolved() {
        return List.copyOf(resolved);
    }

    /** Returns the mappings of which nothing is kept any more, as they were deleted. */
    public List<String> forgotten() {
        return List.copyOf(forgotten);
    }

    /** Every stream's name but that of {@link #stream} is unknown, and so are functions that are missing. */
    private final class Resources implements MappingResources {

        private final Limits limit;

        Resources(Limits limit) {
            this.limit = limit;
        }

        @Override
        public StreamSource source(EventSourceMapping mapping) {
            String name = mapping.stream();
            if (!name.equals("orders")) {
                throw new StreamNotFoundException("There is no stream '" + name + "'");
            }
            return source;
        }

        @Override
        public void release(EventSourceMapping mapping) {
            assertThat(resolved.remove(mapping.name())).isTrue();
        }

        @Override
        public void forget(EventSourceMapping mapping) {
            forgotten.add(mapping.name());
        }

        @Override
        public MappingPorts resolve(EventSourceMapping mapping) {
            StreamSource found = source(mapping);
            resolved.add(mapping.name());
            return new MappingPorts(
                    found,
                    EventFormats.of(found, null),
                    (invocation, listener, later) -> missingFunctions.contains(mapping.function())
                            ? Completion.here(
                                    InvocationOutcome.Failure.notInvoked("no function '" + mapping.function() + "'"))
                            : invoker.invoke(invocation, listener, later),
                    mapping.failureHandling().destination() == null ? null : destination,
                    limit,
                    observer,
                    mapping.failureHandling().transactional() ? transactions() : null);
        }

        @Override
        public void check(EventSourceMapping mapping) {
            if (missingFunctions.contains(mapping.function())) {
                throw new UnusableFunctionException("There is no function '" + mapping.function() + "'");
            }
        }
    }

    /** The running engine's mappings; {@link #await} their futures. */
    public Mappings mappings() {
        if (mappings == null) {
            throw new IllegalStateException("Not started");
        }
        return mappings;
    }

    public World advance(Duration duration) {
        time.advance(duration);
        return this;
    }

    /** Stops cleanly: lets time pass until all is stopped. */
    public void stop() {
        await(mappings().close());
    }

    /** Kills the process: what was not saved is forgotten. */
    public void crash() {
        time.crash();
        function.crash();
        stream.crash();
        mappings = null;
    }

    /** Stops cleanly and begins another life. */
    public World restart(EventSourceMapping mapping) {
        stop();
        return start(mapping);
    }

    /** Lets time pass until the future is done. */
    public <T> T await(Future<T> future) {
        long limit = time.millis() + Duration.ofHours(2).toMillis();
        while (!future.isDone() && time.step(limit)) {}
        if (!future.isDone()) {
            throw new AssertionError("Nothing is left to happen, and it isn't done");
        }
        try {
            return ((CompletableFuture<T>) future).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
