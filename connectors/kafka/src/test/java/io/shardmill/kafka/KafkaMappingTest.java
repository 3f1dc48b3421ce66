package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Mappings on topics of a real broker. */
class KafkaMappingTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    private final TestBroker broker = TestBroker.shared();
    private final String topic = "orders-" + TOPICS.incrementAndGet();

    private static void drained(Application application) {
        assertThat(application.mappings().awaitDrained(Duration.ofSeconds(30)))
                .isTrue();
    }

    private void put(Application application, int first, int last) {
        application
                .streams()
                .putAll(
                        topic,
                        IntStream.rangeClosed(first, last)
                                .mapToObj(number -> PutEntry.of("key-" + number % 7, Integer.toString(number)))
                                .toList());
    }

    @Test
    void records_of_all_partitions_are_delivered_in_order_per_key() {
        broker.createTopic(topic, 3);
        try (Application application = new Application(topic)) {
            put(application, 1, 100);
            application.start(EventSourceMapping.of("orders", topic));
            drained(application);
            put(application, 101, 150);
            drained(application);

            assertThat(application.texts())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, 150).mapToObj(Integer::toString).toList());
            Map<String, List<Integer>> byKey = application.delivered().stream()
                    .collect(Collectors.groupingBy(
                            Record::partitionKey,
                            Collectors.mapping(record -> Integer.valueOf(record.text()), Collectors.toList())));
            assertThat(byKey).hasSize(7);
            assertThat(byKey.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
            KafkaMetadata kafka = Objects.requireNonNull(
                    application.delivered().get(0).kafka());
            assertThat(kafka.topic()).isEqualTo(topic);
            assertThat(application.delivered().get(0).shardId()).isEqualTo(topic + "-" + kafka.partition());
        }
    }
}
