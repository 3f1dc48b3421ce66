package io.shardmill.kafka;

import static org.awaitility.Awaitility.await;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.conformance.DeliveryContract;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A topic of a real broker. */
class KafkaDeliveryTest extends DeliveryContract {

    private static final String MAPPING = "orders";

    private final TestTopic topic = new TestTopic(getClass().getSimpleName());
    private final Application application = new Application(topic.name);

    @BeforeEach
    void create() {
        topic.create(2);
    }

    @AfterEach
    void close() {
        application.close();
    }

    @Override
    protected EventSourceMapping mapping() {
        return EventSourceMapping.of(MAPPING, topic.name);
    }

    @Override
    protected void put(int partition, String text, Duration age) {
        topic.produce(new ProducerRecord<>(
                topic.name,
                partition,
                Instant.now().minus(age).toEpochMilli(),
                null,
                text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    protected void start(EventSourceMapping mapping, Function<List<Record>, Result> function) {
        application.start(mapping, function::apply);
    }

    @Override
    protected void drain() {
        TopicTest.drained(application);
    }

    @Override
    protected List<DiscardedBatch> discarded() {
        return application.discarded();
    }

    /** The group's offset says so, too. */
    @Override
    protected void assertFinished(int partition, long records) {
        TopicPartition place = new TopicPartition(topic.name, partition);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> topic.committedOffset(Application.NAMESPACE + "." + MAPPING, place) == records);
    }
}
