package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is given up goes to another topic of a real broker. */
@Timeout(120)
class TopicDestinationTest extends TopicTest {

    private final String failed = topic + "-failed";
    private final FailureHandling handling =
            FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("kafka://" + failed);
    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns all records of the destination, a topic with one partition. */
    private List<ConsumerRecord<byte[], byte[]>> written(int count) {
        TopicPartition only = new TopicPartition(failed, 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(only)).get(only));
            while (consumer.position(only) < end) {
                consumer.poll(Duration.ofMillis(100)).records(only).forEach(records::add);
            }
        }
        assertThat(records).hasSize(count);
        return records;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader("shardmill." + name).value(), StandardCharsets.UTF_8);
    }

    private static String document(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private static List<String> offsets(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> header(record, "offset")).toList();
    }

    @Test
    void a_poison_record_is_isolated_and_written_with_its_key_and_headers_when_its_retries_are_over() {
        broker.createTopic(topic, 1);
        broker.createTopic(failed, 1);
        try (Application application = new Application(topic)) {
            for (String text : List.of("a", "b", "poison", "c")) {
                produce(new ProducerRecord<>(
                        topic,
                        0,
                        bytes("key of " + text),
                        bytes(text),
                        List.of(new RecordHeader("trace", bytes(text)))));
            }
            application.start(orders.with(handling.withBisect().withMaximumRetryAttempts(1)), batch -> {
                if (batch.stream().anyMatch(record -> record.text().equals("poison"))) {
                    throw new IllegalStateException("poison");
                }
                return application.remember(batch);
            });
            drained(application);

            assertThat(application.texts()).containsExactly("a", "b", "c");
            assertThat(written(1)).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo(bytes("key of poison"));
                assertThat(record.headers().lastHeader("trace").value()).isEqualTo(bytes("poison"));
                assertThat(header(record, "topic")).isEqualTo(topic);
                assertThat(header(record, "partition")).isEqualTo("0");
                assertThat(header(record, "offset")).isEqualTo("2");
                assertThat(header(record, "condition")).isEqualTo("RetryAttemptsExhausted");
                assertThat(header(record, "mapping")).isEqualTo("orders");
                assertThat(document(record))
                        .startsWith("{\"requestContext\":{")
                        .contains("\"functionError\":\"Unhandled\"", "\"value\":\"cG9pc29u\"", "\"offset\":2,");
            });
        }
    }

    @Test
    void a_whole_batch_is_written_record_by_record_with_tombstones_and_records_without_a_key() {
        broker.createTopic(topic, 1);
        broker.createTopic(failed, 1);
        try (Application application = new Application(topic)) {
            produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes("a")));
            produce(new ProducerRecord<>(topic, 0, bytes("k"), null));
            produce(new ProducerRecord<>(topic, 0, null, bytes("b")));
            application.start(orders.with(handling.withBisect()), batch -> {
                throw new IllegalStateException("all");
            });
            drained(application);

            List<ConsumerRecord<byte[], byte[]>> written = written(3);
            assertThat(offsets(written)).containsExactly("0", "1", "2");
            assertThat(written.get(0).key()).isEqualTo(bytes("k"));
            assertThat(written.get(1).key()).isEqualTo(bytes("k"));
            assertThat(document(written.get(1))).contains("\"key\":\"aw==\"").doesNotContain("\"value\"");
            assertThat(written.get(2).key()).isNull();
            assertThat(document(written.get(2))).contains("\"value\":\"Yg==\"").doesNotContain("\"key\"");
        }
    }

    @Test
    void records_that_are_too_old_are_written_without_an_attempt() {
        broker.createTopic(topic, 1);
        broker.createTopic(failed, 1);
        long old = Instant.now().minusSeconds(120).toEpochMilli();
        try (Application application = new Application(topic)) {
            produce(new ProducerRecord<>(topic, 0, old, bytes("k"), bytes("old")));
            produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes("new")));
            application.start(orders.with(handling.withMaximumRecordAge(Duration.ofSeconds(60))));
            drained(application);

            assertThat(application.texts()).containsExactly("new");
            assertThat(written(1)).singleElement().satisfies(record -> {
                assertThat(header(record, "condition")).isEqualTo("RecordAgeExceeded");
                assertThat(record.timestamp()).as("kept as long as others").isGreaterThan(old + 60_000);
                assertThat(document(record)).contains("\"value\":\"b2xk\"").doesNotContain("responseContext");
            });
        }
    }

    @Test
    void a_topic_that_is_not_there_is_waited_for_and_the_checkpoint_with_it() {
        broker.createTopic(topic, 1);
        List<String> invoked = new CopyOnWriteArrayList<>();
        try (Application application = new Application(topic)) {
            put(application, 1, 3);
            application.start(orders.with(handling), batch -> {
                batch.forEach(record -> invoked.add(record.text()));
                throw new IllegalStateException("all");
            });
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(application.waitsFor())
                            .startsWith("not sent to the on-failure destination: kafka://" + failed
                                    + ": TimeoutException: ")
                            .endsWith("; check that the topic exists, and that its brokers answer"));
            assertThat(committedOffset(first)).isLessThanOrEqualTo(0);

            broker.createTopic(failed, 1);
            drained(application);
            assertThat(offsets(written(3))).containsExactly("0", "1", "2");
            assertThat(invoked).as("not invoked again").containsExactly("1", "2", "3");
            await().atMost(Duration.ofSeconds(20)).until(() -> committedOffset(first) == 3);
        }
    }

    @Test
    void a_record_that_is_too_large_for_the_topic_is_dropped_alone() {
        broker.createTopic(topic, 1);
        broker.createTopic(failed, Map.of(0, List.of(0)), Map.of("max.message.bytes", "20000"));
        StringBuilder noise = new StringBuilder(); // does not shrink
        new Random(1).ints(40_000, 'a', 'z').forEach(letter -> noise.append((char) letter));
        try (Application application = new Application(topic)) {
            produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes("a")));
            produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes(noise.toString())));
            produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes("b")));
            application.start(orders.with(handling), batch -> {
                throw new IllegalStateException("all");
            });
            drained(application);

            assertThat(offsets(written(2))).containsExactly("0", "2");
        }
    }

    @Test
    void a_record_that_the_topic_has_no_place_for_is_dropped_alone() {
        broker.createTopic(topic, 1);
        broker.createTopic(failed, Map.of(0, List.of(0)), Map.of("cleanup.policy", "compact"));
        try (Application application = new Application(topic)) {
            produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes("a")));
            produce(new ProducerRecord<>(topic, 0, null, bytes("no key")));
            produce(new ProducerRecord<>(topic, 0, bytes("l"), bytes("b")));
            application.start(orders.with(handling), batch -> {
                throw new IllegalStateException("all");
            });
            drained(application);

            // What was sent together with it is sent again, after what was not.
            assertThat(offsets(written(2))).containsExactlyInAnyOrder("0", "2");
        }
    }
}
