package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** A topic of its own on the test broker for each test. */
abstract class TopicTest {

    final TestBroker broker;
    final String topic;

    /** The group of the mapping {@code orders}. */
    final String group = Application.NAMESPACE + ".orders";

    final TopicPartition first;

    private final TestTopic own;

    TopicTest() {
        this(TestBroker.shared());
    }

    TopicTest(TestBroker broker) {
        this.broker = broker;
        this.own = new TestTopic(getClass().getSimpleName(), broker);
        this.topic = own.name;
        this.first = new TopicPartition(topic, 0);
    }

    static <T> T get(KafkaFuture<T> future) {
        return TestTopic.get(future);
    }

    static void drained(Application application) {
        assertThat(application.mappings().awaitDrained(Duration.ofSeconds(30)))
                .as("drained")
                .isTrue();
    }

    /** Puts texts, with one of seven keys each. */
    void put(Application application, int from, int to) {
        application
                .streams()
                .putAll(
                        topic,
                        IntStream.rangeClosed(from, to)
                                .mapToObj(number -> PutEntry.of("key-" + number % 7, Integer.toString(number)))
                                .toList());
    }

    static List<String> texts(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> properties) {
        return own.producer(properties);
    }

    void produce(ProducerRecord<byte[], byte[]> record) {
        own.produce(record);
    }

    long committedOffset(TopicPartition partition) {
        return own.committedOffset(group, partition);
    }

    String committedMetadata(TopicPartition partition) {
        return own.committedMetadata(group, partition);
    }

    void resetOffset(TopicPartition partition, long offset) {
        own.resetOffset(group, partition, offset);
    }
}
