package io.shardmill.kafka;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic on the test broker with a name of its own, as programs other than ours see it. */
final class TestTopic {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    final String name;

    private final TestBroker broker;

    /** @param prefix of the name, such as that of the test */
    TestTopic(String prefix) {
        this(prefix, TestBroker.shared());
    }

    TestTopic(String prefix, TestBroker broker) {
        this.name = prefix + "-" + TOPICS.incrementAndGet();
        this.broker = broker;
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Creates it, also just after a topic of that name was deleted. */
    void create(int partitions) {
        await().pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> {
                    broker.createTopic(name, partitions);
                    return true;
                });
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    RecordMetadata produce(ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Returns the group's offset; negative if it has none. */
    long committedOffset(String group, TopicPartition partition) {
        OffsetAndMetadata committed = committed(group, partition);
        return committed == null ? -1 : committed.offset();
    }

    /** Returns what is committed with the group's offset; empty if it has none. */
    String committedMetadata(String group, TopicPartition partition) {
        OffsetAndMetadata committed = committed(group, partition);
        return committed == null ? "" : committed.metadata();
    }

    private @Nullable OffsetAndMetadata committed(String group, TopicPartition partition) {
        return get(broker.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition);
    }

    /** Does what {@code kafka-consumer-groups --reset-offsets} does; the group must have no members. */
    void resetOffset(String group, TopicPartition partition, long offset) {
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
