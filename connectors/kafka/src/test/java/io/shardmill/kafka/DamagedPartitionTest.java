package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A batch of a partition whose bytes have changed on the broker's disk: the client throws, and would bring nothing else. */
class DamagedPartitionTest extends TopicTest {

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);

    private void put(int partition, String text) {
        produce(new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Changes a byte of the text on the broker's disk; returns what undoes that. */
    private Step damage(int partition, String text) throws IOException {
        Path log = broker.logOf(topic, partition).resolve("00000000000000000000.log");
        int place = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).indexOf(text);
        write(log, place, '?');
        return () -> write(log, place, text.charAt(0));
    }

    private static void write(Path log, int place, int value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.seek(place);
            file.write(value);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static String problem(Application application, String shard) {
        return application.mappings().describe("orders").join().shards().stream()
                .filter(progress -> progress.shard().equals(shard))
                .map(ShardProgress::consumer)
                .filter(Objects::nonNull)
                .map(ShardStatus::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static void delivered(Application application, String... texts) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(application.texts()).containsExactlyInAnyOrder(texts));
    }

    @Test
    void the_others_are_read_on_and_it_is_too_when_it_is_whole_again() throws Exception {
        broker.createTopic(topic, 5);
        for (int partition = 0; partition < 5; partition++) {
            put(partition, "whole-" + partition);
        }
        put(3, "damaged");
        Step repair = damage(3, "damaged");
        try (Application application = new Application(topic).start(orders)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(problem(application, topic + "-3"))
                            .contains(
                                    topic + "-3 can't be read",
                                    "at offset 1 is invalid",
                                    "set the group's offset behind it"));
            for (int partition : new int[] {0, 1, 2, 4}) {
                put(partition, "later-" + partition);
            }
            delivered(
                    application,
                    "whole-0",
                    "whole-1",
                    "whole-2",
                    "whole-3",
                    "whole-4",
                    "later-0",
                    "later-1",
                    "later-2",
                    "later-4");
            assertThat(problem(application, topic + "-0")).isEmpty();

            repair.run();
            drained(application);
            assertThat(application.texts()).hasSize(10).contains("damaged");
            assertThat(problem(application, topic + "-3")).isEmpty();
        }
    }

    @Test
    void nothing_is_passed_over_before_an_operator_says_so() throws Exception {
        broker.createTopic(topic, 1);
        put(0, "damaged");
        put(0, "behind it");
        damage(0, "damaged");
        CheckpointStore checkpoints = new InMemoryCheckpointStore();
        try (Application application = new Application(topic, checkpoints, Map.of()).start(orders)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> problem(application, topic + "-0").contains("can't be read"));
            assertThat(application.texts()).isEmpty();
        }
        resetOffset(first, 1);
        try (Application application = new Application(topic, checkpoints, Map.of()).start(orders)) {
            drained(application);
            assertThat(application.texts()).containsExactly("behind it");
        }
    }
}
