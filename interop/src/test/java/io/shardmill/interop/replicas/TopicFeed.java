package io.shardmill.interop.replicas;

import static org.awaitility.Awaitility.await;

import io.shardmill.kafka.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic on the test broker. */
final class TopicFeed implements Feed {

    /** After which a silent member of a consumer group is dead; the least that Kafka allows by default. */
    static final Duration SESSION = Duration.ofSeconds(6);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestBroker broker = TestBroker.shared();
    private final String topic;
    private final int partitions;
    private KafkaProducer<String, String> producer;

    /** Makes the topic. */
    TopicFeed(String topic, int partitions) {
        this.topic = topic;
        this.partitions = partitions;
        broker.createTopic(topic, partitions);
        producer = newProducer();
    }

    private KafkaProducer<String, String> newProducer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        // What is put together is to be in one request.
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new StringSerializer(),
                new StringSerializer());
    }

    @Override
    public int shards() {
        return partitions;
    }

    @Override
    public List<String> arguments() {
        return List.of(
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--spring.kafka.consumer.properties.session.timeout.ms=" + SESSION.toMillis(),
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=1000",
                "--shardmill.streams.orders.kafka.topic=" + topic);
    }

    @Override
    public void put(List<String> keys, String text) {
        List<Future<?>> puts = new ArrayList<>();
        keys.forEach(key -> puts.add(producer.send(new ProducerRecord<>(topic, key, text))));
        puts.forEach(TopicFeed::get);
    }

    /** Deletes the topic, and makes another one of the same name. */
    void makeAnew() {
        producer.close();
        broker.deleteTopic(topic);
        await("deletion of " + topic)
                .atMost(PATIENCE)
                .ignoreExceptionsMatching(failure -> failure.getCause() instanceof TopicExistsException)
                .until(() -> {
                    broker.createTopic(topic, partitions);
                    return true;
                });
        producer = newProducer();
    }

    /** Returns the offsets that a group has committed. */
    Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(broker.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, committed) -> offsets.put(partition, committed.offset()));
        return offsets;
    }

    /**
     * Sets the offsets of a group without members back, as an operator does.
     *
     * @return from where each shard is to come again
     */
    Map<String, Long> setBack(String group, long records) {
        Map<TopicPartition, OffsetAndMetadata> reset = new HashMap<>();
        Map<String, Long> from = new HashMap<>();
        committed(group).forEach((partition, offset) -> {
            long back = Math.max(0, offset - records);
            reset.put(partition, new OffsetAndMetadata(back));
            from.put(partition.toString(), back);
        });
        get(broker.admin().alterConsumerGroupOffsets(group, reset).all());
        return from;
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
