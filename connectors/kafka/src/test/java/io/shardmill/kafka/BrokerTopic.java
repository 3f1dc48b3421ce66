package io.shardmill.kafka;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.conformance.MappedTopic;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A topic of a real broker, and an application that reads it. */
final class BrokerTopic implements MappedTopic {

    private static final String MAPPING = "orders";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestTopic topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final InMemoryCheckpointStore checkpoints = new InMemoryCheckpointStore();
    private final Map<Thread, Invocation> running = new ConcurrentHashMap<>();
    private Duration timeout = FunctionSettings.DEFAULT_TIMEOUT;
    private @Nullable Application application;

    /** @param test whose name begins the topic's */
    BrokerTopic(Class<?> test) {
        this.topic = new TestTopic(test.getSimpleName());
        topic.create(2);
        this.producer = topic.producer(Map.of("linger.ms", "0"));
    }

    private Application application() {
        return Objects.requireNonNull(application, "not started");
    }

    @Override
    public EventSourceMapping mapping() {
        return EventSourceMapping.of(MAPPING, topic.name);
    }

    @Override
    public void put(int partition, String key, String text, Instant timestamp) {
        try {
            producer.send(new ProducerRecord<>(
                            topic.name,
                            partition,
                            timestamp.toEpochMilli(),
                            key.getBytes(StandardCharsets.UTF_8),
                            text.getBytes(StandardCharsets.UTF_8)))
                    .get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void timeout(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void start(EventSourceMapping mapping, Handler handler) {
        if (application != null) {
            application.close();
        }
        application = new Application(topic.name, checkpoints, Map.of()).start(mapping, new Function(handler));
    }

    private final class Function implements InvocableFunction {

        private final Handler handler;

        Function(Handler handler) {
            this.handler = handler;
        }

        @Override
        public Answer invoke(Invocation invocation) throws Exception {
            running.put(Thread.currentThread(), invocation);
            try {
                return handler.invoke(invocation);
            } finally {
                running.remove(Thread.currentThread());
            }
        }

        @Override
        public FunctionSettings settings(FunctionSettings configured) {
            return new FunctionSettings(timeout, configured.reservedConcurrency());
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }

    @Override
    public void drain() {
        TopicTest.drained(application());
    }

    @Override
    public void await(BooleanSupplier condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition::getAsBoolean);
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    @Override
    public List<DiscardedBatch> discarded() {
        return application().discarded();
    }

    /** Asserts it of the group's committed offset, too. */
    @Override
    public void assertFinished(int partition, long records) {
        TopicPartition place = new TopicPartition(topic.name, partition);
        await(() -> topic.committedOffset(Application.NAMESPACE + "." + MAPPING, place) == records);
    }

    @Override
    public void take(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }

    @Override
    public List<Invocation> running() {
        return List.copyOf(running.values());
    }

    @Override
    public void close() {
        if (application != null) {
            application.close();
        }
        producer.close();
    }
}
