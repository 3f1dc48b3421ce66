package io.shardmill.kafka;

import io.shardmill.poller.stream.ShardGroupContract;
import io.shardmill.poller.stream.StreamSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Processes in a consumer group of a real broker. */
class ConsumerGroupTest extends ShardGroupContract {

    private static final String MAPPING = "orders";
    static final String GROUP = Application.NAMESPACE + "." + MAPPING;
    private static final Duration A_WHILE = Duration.ofMillis(1_500);

    private final TestTopic topic = new TestTopic(getClass().getSimpleName());
    private final List<KafkaStreams> processes = new ArrayList<>();

    @BeforeEach
    void create() {
        topic.create(4);
    }

    @AfterEach
    void close() {
        processes.forEach(KafkaStreams::close);
    }

    /** Returns properties with which a rebalance waits 4 s at most. */
    Map<String, Object> consumer() {
        return Map.of("max.poll.interval.ms", "8000");
    }

    @Override
    protected StreamSource newProcess() {
        KafkaStreams process = Application.streams(topic.name, consumer());
        processes.add(process);
        return process.find(topic.name).orElseThrow().forMapping(MAPPING);
    }

    private TopicPartition partition(String shard) {
        return new TopicPartition(topic.name, Partitions.number(topic.name, shard));
    }

    @Override
    protected void put(String shard, String text) {
        topic.produce(new ProducerRecord<>(
                topic.name, partition(shard).partition(), null, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    protected long position(String shard) {
        return topic.committedOffset(GROUP, partition(shard));
    }

    @Override
    protected void reset(String shard, long number) {
        topic.resetOffset(GROUP, partition(shard), number);
    }

    @Override
    protected void await(BooleanSupplier condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(30))
                .until(condition::getAsBoolean);
    }

    @Override
    protected void assertRemains(BooleanSupplier condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .during(A_WHILE)
                .atMost(A_WHILE.plusSeconds(1))
                .until(condition::getAsBoolean);
    }
}
