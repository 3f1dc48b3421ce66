package io.shardmill.poller.testkit;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;

/** An engine on real threads, with streams and functions by name and a destination named {@code fake}. */
public final class RealEngine implements AutoCloseable {

    /** What a function does with a batch. */
    public interface Handler {
        Result handle(List<Record> batch) throws Exception;
    }

    private record Function(Handler handler, boolean reportsItemFailures) implements BatchFunction {
        @Override
        public Result invoke(List<Record> batch) throws Exception {
            return handler.handle(batch);
        }
    }

    private final Map<String, FakeStream> streams = new ConcurrentHashMap<>();
    private final Map<String, InvocableFunction> functions = new ConcurrentHashMap<>();
    private final Map<String, Duration> timeouts = new ConcurrentHashMap<>();
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final List<DiscardedBatch> discarded = new CopyOnWriteArrayList<>();
    private final InstantSource clock;
    private final Engine engine;

    public RealEngine(int maximumConcurrency) {
        this(maximumConcurrency, name -> Optional.empty(), new ShardObserver() {});
    }

    /** With further destinations, and an observer of all mappings. */
    public RealEngine(int maximumConcurrency, DestinationCatalog destinations, ShardObserver observer) {
        this(
                maximumConcurrency,
                new Surroundings(
                        InstantSource.system(), Engine.Customizations.none().workers(), destinations, observer));
    }

    /** With this clock and these threads. */
    public RealEngine(int maximumConcurrency, InstantSource clock, ThreadFactory workers) {
        this(maximumConcurrency, new Surroundings(clock, workers, name -> Optional.empty(), new ShardObserver() {}));
    }

    /** Whose stop takes at most so long. */
    public RealEngine(int maximumConcurrency, Duration shutdownTimeout) {
        this(
                maximumConcurrency,
                new Surroundings(
                        InstantSource.system(),
                        Engine.Customizations.none().workers(),
                        name -> Optional.empty(),
                        new ShardObserver() {},
                        shutdownTimeout));
    }

    /** With these stores. */
    public RealEngine(int maximumConcurrency, CheckpointStore checkpoints, MappingStore mappings) {
        this(maximumConcurrency, Surroundings.usual(), checkpoints, mappings);
    }

    private record Surroundings(
            InstantSource clock,
            ThreadFactory workers,
            DestinationCatalog destinations,
            ShardObserver observer,
            Duration shutdownTimeout) {

        Surroundings(
                InstantSource clock, ThreadFactory workers, DestinationCatalog destinations, ShardObserver observer) {
            this(clock, workers, destinations, observer, Duration.ofSeconds(25));
        }

        static Surroundings usual() {
            return new Surroundings(
                    InstantSource.system(),
                    Engine.Customizations.none().workers(),
                    name -> Optional.empty(),
                    new ShardObserver() {});
        }
    }

    private RealEngine(int maximumConcurrency, Surroundings surroundings) {
        this(maximumConcurrency, surroundings, new InMemoryCheckpointStore());
    }

    private RealEngine(int maximumConcurrency, Surroundings surroundings, CheckpointStore checkpoints) {
        this(maximumConcurrency, surroundings, checkpoints, new InMemoryMappingStore(checkpoints));
    }

    private RealEngine(
            int maximumConcurrency, Surroundings surroundings, CheckpointStore checkpoints, MappingStore mappings) {
        this.clock = surroundings.clock();
        EngineSettings settings = new EngineSettings(
                World.NAMESPACE,
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                surroundings.shutdownTimeout(),
                maximumConcurrency,
                false);
        Engine.Customizations none = Engine.Customizations.none();
        engine = new Engine(
                settings,
                new EngineDependencies(
                        name -> Optional.ofNullable(streams.get(name)),
                        this::function,
                        new Destinations(Map.of("fake", discarded::add), List.of(surroundings.destinations())),
                        new EngineStores(checkpoints, mappings),
                        clock),
                new Engine.Customizations(
                        name -> new FunctionSettings(
                                timeouts.getOrDefault(name, FunctionSettings.DEFAULT_TIMEOUT),
                                FunctionSettings.UNLIMITED),
                        none.interceptor(),
                        mapping -> surroundings.observer(),
                        surroundings.workers()));
    }

    private InvocableFunction function(String name) {
        InvocableFunction function = functions.get(name);
        if (function == null) {
            throw new UnusableFunctionException("no function " + name);
        }
        return function;
    }

    public FakeStream stream(String name, int shards) {
        return streams.computeIfAbsent(name, missing -> new FakeStream(name, shards, clock));
    }

    /** A topic of Kafka. */
    public FakeStream topic(String name, int partitions) {
        return streams.computeIfAbsent(name, missing -> FakeStream.topic(name, partitions, clock));
    }

    /** A function whose declared return type is no {@link Result}: its report counts only if the mapping says so. */
    public RealEngine function(String name, Handler handler) {
        functions.put(name, new Function(handler, false));
        return this;
    }

    /** Any function, such as one that is not over records. */
    public RealEngine function(String name, InvocableFunction function) {
        functions.put(name, function);
        return this;
    }

    /** A function whose declared return type is {@link Result}. */
    public RealEngine reportingFunction(String name, Handler handler) {
        functions.put(name, new Function(handler, true));
        return this;
    }

    /** Gives a function another timeout than the default of 30 s; to be called before it is started. */
    public RealEngine timeout(String name, Duration timeout) {
        timeouts.put(name, timeout);
        return this;
    }

    /** What a function does that only remembers what it got. */
    public Result remember(List<Record> batch) {
        delivered.add(batch.stream().map(Record::text).collect(Collectors.joining()));
        return Result.success();
    }

    /** What {@link #remember} got, each batch as its texts in a row. */
    public List<String> delivered() {
        return delivered;
    }

    public void start(EventSourceMapping mapping) {
        engine.mappings().start(mapping, StartOptions.FROM_CHECKPOINTS);
    }

    public Mappings mappings() {
        return engine.mappings();
    }

    public List<DiscardedBatch> discarded() {
        return discarded;
    }

    @Override
    public void close() {
        engine.close();
    }
}
