package io.shardmill.kafka;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An engine with streams on the test broker, and checkpoints of its own or shared with other engines. */
final class Application implements AutoCloseable {

    static final String NAMESPACE = "test";

    /** A mapping that has the group of the mapping {@code orders}. */
    static final String RENAMED = "renamed";

    /** What a function does with a batch. */
    interface Handler {
        Result handle(List<Record> batch) throws Exception;
    }

    private record Function(Handler handler) implements BatchFunction {
        @Override
        public Result invoke(List<Record> batch) throws Exception {
            return handler.handle(batch);
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }

    private final List<Record> delivered = new CopyOnWriteArrayList<>();
    private final List<DiscardedBatch> discarded = new CopyOnWriteArrayList<>();
    private final Map<String, InvocableFunction> functions = new ConcurrentHashMap<>();
    private final KafkaStreams streams;
    private final KafkaDestinations destinations;
    private final Engine engine;

    Application(String topic) {
        this(topic, new InMemoryCheckpointStore(), Map.of());
    }

    /** @param consumer further properties of the consumer */
    Application(String topic, CheckpointStore checkpoints, Map<String, Object> consumer) {
        this(topic, new EngineStores(checkpoints, new InMemoryMappingStore(checkpoints)), consumer);
    }

    /** @param stores may be shared with other engines */
    Application(String topic, EngineStores stores, Map<String, Object> consumer) {
        this(topic, TestBroker.shared().bootstrapServers(), stores, consumer);
    }

    Application(String topic, String bootstrapServers, EngineStores stores, Map<String, Object> consumer) {
        this.streams = streams(topic, bootstrapServers, consumer);
        this.destinations =
                new KafkaDestinations(Map.of(topic, KafkaStream.of(topic)), KafkaClients.of(bootstrapServers));
        this.engine = new Engine(
                new EngineSettings(
                        NAMESPACE, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(25), 16, false),
                new EngineDependencies(
                        streams,
                        name -> Objects.requireNonNull(functions.get(name)),
                        new Destinations(Map.of("discarded", discarded::add), List.of(destinations)),
                        stores,
                        InstantSource.system()),
                Engine.Customizations.none());
    }

    /**
     * Returns a topic of the test broker as the source of one process.
     *
     * @param consumer further properties of the consumer
     */
    static KafkaStreams streams(String topic, Map<String, Object> consumer) {
        return streams(topic, TestBroker.shared().bootstrapServers(), consumer);
    }

    private static KafkaStreams streams(String topic, String bootstrapServers, Map<String, Object> consumer) {
        KafkaClients clients = KafkaClients.of(bootstrapServers);
        Map<String, Object> properties = new HashMap<>(clients.consumer());
        if (!consumer.containsKey("group.protocol")) { // in the newer protocol these are settings of the broker
            properties.putAll(Map.of("session.timeout.ms", "2000", "heartbeat.interval.ms", "300"));
        }
        properties.putAll(consumer);
        return new KafkaStreams(
                Map.of(topic, KafkaStream.of(topic)),
                new KafkaClients(properties, clients.producer(), clients.admin()),
                new KafkaNaming(NAMESPACE, Map.of(RENAMED, NAMESPACE + ".orders"), AwsScope.DEFAULT));
    }

    Application start(EventSourceMapping mapping, Handler handler) {
        return start(mapping, new Function(handler));
    }

    /** Starts a mapping onto any function, such as one of tumbling windows. */
    Application start(EventSourceMapping mapping, InvocableFunction function) {
        functions.put(mapping.function(), function);
        engine.mappings().start(mapping, StartOptions.FROM_CHECKPOINTS);
        return this;
    }

    /** Starts a mapping onto a function that remembers what it gets, with a replay. */
    Application start(EventSourceMapping mapping, Replay replay) {
        functions.put(mapping.function(), new Function(this::remember));
        engine.mappings().start(mapping, new StartOptions(replay, null, "test"));
        return this;
    }

    /** Starts a mapping onto a function that remembers what it gets. */
    Application start(EventSourceMapping mapping) {
        return start(mapping, this::remember);
    }

    /** Creates a mapping at run time, onto a function that remembers what it gets. */
    Application create(EventSourceMapping mapping) {
        functions.put(mapping.function(), new Function(this::remember));
        engine.mappings().create(mapping, true);
        return this;
    }

    Result remember(List<Record> batch) {
        delivered.addAll(batch);
        return Result.success();
    }

    List<Record> delivered() {
        return delivered;
    }

    List<String> texts() {
        return delivered.stream().map(Record::text).toList();
    }

    /** Returns the last error of the mapping {@code orders}, while there is one of a batch that is not finished. */
    String waitsFor() {
        return mappings().describe("orders").join().shards().stream()
                .map(ShardProgress::consumer)
                .filter(Objects::nonNull)
                .flatMap(shard -> shard.lanes().stream())
                .map(LaneStatus::lastError)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    Mappings mappings() {
        return engine.mappings();
    }

    KafkaStreams streams() {
        return streams;
    }

    /** What was sent to the destination {@code discarded}. */
    List<DiscardedBatch> discarded() {
        return discarded;
    }

    @Override
    public void close() {
        engine.close();
        destinations.close();
        streams.close();
    }
}
