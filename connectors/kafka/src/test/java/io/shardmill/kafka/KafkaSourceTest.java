package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamSourceContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A topic of a real broker, read by the only member of a group. Records have timestamps of the test's own. */
@Tag("long")
class KafkaSourceTest extends StreamSourceContract {

    /** A topic that is deleted revokes its partitions: their readers have 1 s to close. */
    private static final Map<String, Object> CONSUMER = Map.of("max.poll.interval.ms", "2000");

    private final TestTopic topic = new TestTopic(getClass().getSimpleName());
    private final KafkaStreams streams = Application.streams(topic.name, CONSUMER);
    private final StreamSource source = streams.find(topic.name).orElseThrow().forMapping("orders");
    private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @BeforeEach
    void create() {
        topic.create(2);
        join();
    }

    @AfterEach
    void close() {
        streams.close();
    }

    /** Waits until all partitions can be read. */
    private void join() {
        ShardGroup.Membership member = source.group().orElseThrow().join("store", () -> {});
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> member.assigned().shards().size() == 2);
    }

    @Override
    protected StreamSource source() {
        return source;
    }

    @Override
    protected Instant now() {
        return now;
    }

    @Override
    protected void advance(Duration step) {
        now = now.plus(step);
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        int partition = Partitions.number(topic.name, shard);
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        return SequenceNumber.of(
                topic.produce(new ProducerRecord<>(topic.name, partition, now.toEpochMilli(), null, value))
                        .offset());
    }

    @Override
    protected void delete() {
        TestBroker.shared().deleteTopic(topic.name);
    }

    /** A group is joined anew for a topic that was deleted and created again. */
    @Override
    protected void createAgain() {
        create();
    }

    /** The id of a topic is looked up every 5 s. */
    @Override
    protected boolean await(Semaphore called) {
        try {
            return called.tryAcquire(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The polling thread brings records, and counts those that the broker has. */
    @Override
    protected void assertBehind(ShardReader reader, long records) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> reader.recordsBehind().equals(recordsBehind(records)));
    }
}
