package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of its own on the test broker for each test. */
abstract class TopicTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    final TestBroker broker;
    final String topic = getClass().getSimpleName() + "-" + TOPICS.incrementAndGet();

    /** The group of the mapping {@code orders}. */
    final String group = Application.NAMESPACE + ".orders";

    final TopicPartition first = new TopicPartition(topic, 0);

    TopicTest() {
        this(TestBroker.shared());
    }

    TopicTest(TestBroker broker) {
        this.broker = broker;
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
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
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void produce(ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Nullable
    OffsetAndMetadata committed(TopicPartition partition) {
        return get(broker.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition);
    }

    long committedOffset(TopicPartition partition) {
        OffsetAndMetadata committed = committed(partition);
        return committed == null ? -1 : committed.offset();
    }

    /** Does what {@code kafka-consumer-groups --reset-offsets} does; the group must have no members. */
    void resetOffset(TopicPartition partition, long offset) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                broker.admin()
                        .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                        .all()
                        .get();
                return true;
            } catch (ExecutionException hasMembers) {
                return false;
            }
        });
    }
}
