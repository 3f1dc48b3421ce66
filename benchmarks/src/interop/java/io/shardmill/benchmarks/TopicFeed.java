package io.shardmill.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Makes topics, and writes numbered records to them, which take their keys in turns. */
final class TopicFeed implements AutoCloseable {

    static final int KEYS = 1_000;

    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    TopicFeed(String bootstrapServers) {
        Map<String, Object> server = Map.of("bootstrap.servers", bootstrapServers);
        admin = Admin.create(server);
        producer = new KafkaProducer<>(server, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The number of a record's key. */
    static int key(int number) {
        return number % KEYS;
    }

    /** Returns when each partition has a leader: a producer that is earlier can lose its place in the sequence. */
    String create(String name, int partitions) throws InterruptedException, ExecutionException {
        admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
                .all()
                .get();
        while (!hasLeaders(name, partitions)) {
            Thread.sleep(10);
        }
        return name;
    }

    /** A broker may not know of a topic yet that its controller has made. */
    private boolean hasLeaders(String topic, int partitions) throws InterruptedException, ExecutionException {
        try {
            return !ends(topic, partitions).isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends(String topic, int partitions)
            throws InterruptedException, ExecutionException {
        return admin.listOffsets(IntStream.range(0, partitions)
                        .mapToObj(number -> new TopicPartition(topic, number))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get();
    }

    /** @param bytes of the value of a record */
    String createWithBacklog(String name, int partitions, int records, int bytes)
            throws InterruptedException, ExecutionException {
        create(name, partitions);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        for (int number = 0; number < records; number++) {
            Future<?> unused = producer.send(record(name, number, bytes), (metadata, e) -> failure.compareAndSet(null, e));
        }
        producer.flush();
        Exception first = failure.get();
        if (first != null) {
            throw new ExecutionException(first);
        }
        return name;
    }

    /** Returns when the broker has it. */
    void put(String topic, int number) throws InterruptedException, ExecutionException {
        producer.send(record(topic, number, StampedRecord.BYTES)).get();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int number, int bytes) {
        byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(key(number)).array();
        return new ProducerRecord<>(
                topic, key, StampedRecord.now(number).bytes(bytes));
    }

    /** Returns how many of a topic's records the group's next reader would read again. */
    long behind(String group, String topic, int partitions) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return ends(topic, partitions).entrySet().stream()
                .mapToLong(end -> {
                    OffsetAndMetadata offset = committed.get(end.getKey());
                    return end.getValue().offset() - (offset == null ? 0 : offset.offset());
                })
                .sum();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
