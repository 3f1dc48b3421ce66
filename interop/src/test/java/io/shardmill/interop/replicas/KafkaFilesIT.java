package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two processes without a database read a topic by turns: the rows that each keeps in its file grow old while the other reads. */
class KafkaFilesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int PARTITIONS = 6;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final List<ApplicationProcess> processes = new ArrayList<>();
    private TopicFeed feed;
    private Producer producer;
    private DeliveryFile deliveries;

    @BeforeEach
    void produce(TestInfo test) {
        feed = new TopicFeed(test.getTestMethod().orElseThrow().getName(), PARTITIONS);
        producer = new Producer(feed);
        deliveries = new DeliveryFile(folder.resolve("deliveries"));
    }

    @AfterEach
    void stop() {
        processes.forEach(ApplicationProcess::close);
        producer.close();
        feed.close();
    }

    private ApplicationProcess start(String name) {
        List<String> arguments = new ArrayList<>(feed.arguments());
        arguments.addAll(List.of(
                "--spring.application.name=" + folder.getFileName(),
                "--deliveries=" + folder.resolve("deliveries"),
                "--shardmill.data-dir=" + folder.resolve(name).resolve("data"),
                "--shardmill.mappings.deliver.stream=orders",
                "--shardmill.mappings.deliver.parallelization-factor=10"));
        ApplicationProcess process =
                new ApplicationProcess(name, folder.resolve(name), FileApplication.class, arguments);
        processes.add(process);
        return process;
    }

    /** Waits until these deliver, the partitions among them, what comes from now on. */
    private void awaitDelivering(ApplicationProcess... delivering) {
        int after = deliveries.all().size();
        await("deliveries of all partitions").atMost(PATIENCE).untilAsserted(() -> {
            Set<String> shards = new HashSet<>();
            for (ApplicationProcess process : delivering) {
                process.requireAlive();
                Set<String> own = deliveries.shards(process.name(), after);
                assertThat(own).as(process.name()).isNotEmpty();
                shards.addAll(own);
            }
            assertThat(shards).hasSize(PARTITIONS);
        });
    }

    private void awaitDelivered() {
        long put = producer.acknowledged();
        await("nothing lost")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deliveries.missing(put)).isZero());
    }

    @Test
    void processes_that_stop_by_turns_deliver_each_record_once_and_in_order() {
        ApplicationProcess a = start("a");
        awaitDelivering(a);
        ApplicationProcess b = start("b");
        awaitDelivering(a, b);
        a.terminate();
        awaitDelivering(b);
        ApplicationProcess again = start("a");
        awaitDelivering(again, b);
        b.terminate();
        awaitDelivering(again);
        awaitDelivered();

        assertThat(deliveries.duplicates()).isZero();
        assertThat(deliveries.outOfOrder()).isZero();
    }

    @Test
    void processes_that_are_killed_by_turns_lose_nothing() {
        ApplicationProcess a = start("a");
        awaitDelivering(a);
        a.kill();
        ApplicationProcess b = start("b");
        awaitDelivering(b);
        ApplicationProcess again = start("a");
        awaitDelivering(again, b);
        b.kill();
        awaitDelivering(again);
        awaitDelivered();

        System.out.println("KafkaFilesIT killed by turns: " + deliveries.duplicates() + " of "
                + deliveries.all().size() + " deliveries were duplicates");
        assertThat(deliveries.outOfOrder()).isZero();
    }
}
