package io.shardmill.interop.replicas;

import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;

import io.shardmill.kafka.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
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

    /**
     * Sets the offsets of a group without members back, as an operator does.
     *
     * @return the records that come again by that, each as shard and offset
     */
    List<String> setBack(String group, long records) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(broker.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        List<String> again = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> reset = committed.keySet().stream()
                .collect(toMap(partition -> partition, partition -> {
                    long end = committed.get(partition).offset();
                    long from = Math.max(0, end - records);
                    for (long offset = from; offset < end; offset++) {
                        again.add(partition + " " + offset);
                    }
                    return new OffsetAndMetadata(from);
                }));
        get(broker.admin().alterConsumerGroupOffsets(group, reset).all());
        return again;
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
