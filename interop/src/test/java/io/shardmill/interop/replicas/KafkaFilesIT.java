package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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

    private ApplicationProcess start(String name, int factor) {
        List<String> arguments = new ArrayList<>(feed.arguments());
        arguments.addAll(List.of(
                "--spring.application.name=" + folder.getFileName(),
                "--deliveries=" + folder.resolve("deliveries"),
                "--shardmill.data-dir=" + folder.resolve(name).resolve("data"),
                "--shardmill.mappings.deliver.stream=orders",
                "--shardmill.mappings.deliver.parallelization-factor=" + factor));
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

    /** Waits until the group has offsets of all partitions, and returns them. */
    private Map<String, Long> awaitCommitted() {
        Map<String, Long> offsets = new HashMap<>();
        await("offsets").atMost(PATIENCE).untilAsserted(() -> {
            offsets.clear();
            feed.committed(folder.getFileName() + ".deliver")
                    .forEach((partition, offset) -> offsets.put(partition.toString(), offset));
            assertThat(offsets).hasSize(PARTITIONS).doesNotContainValue(0L);
        });
        return offsets;
    }

    private void awaitDelivered() {
        long put = producer.acknowledged();
        await("nothing lost")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deliveries.missing(put)).isZero());
    }

    @Test
    void processes_that_stop_by_turns_deliver_each_record_once_and_in_order() {
        // An offset doesn't say what is finished ahead of it: with one lane, nothing is.
        ApplicationProcess a = start("a", 1);
        awaitDelivering(a);
        ApplicationProcess b = start("b", 1);
        awaitDelivering(a, b);
        a.terminate();
        awaitDelivering(b);
        ApplicationProcess again = start("a", 1);
        awaitDelivering(again, b);
        b.terminate();
        awaitDelivering(again);
        awaitDelivered();

        assertThat(deliveries.duplicates()).isZero();
        assertThat(deliveries.outOfOrder()).isZero();
    }

    @Tag("long")
    @Test
    void processes_that_are_killed_by_turns_lose_nothing_and_begin_where_the_group_is() {
        ApplicationProcess a = start("a", 10);
        awaitDelivering(a);
        Map<String, Long> committed = awaitCommitted();
        a.kill();
        int killed = deliveries.all().size();
        ApplicationProcess b = start("b", 10);
        awaitDelivering(b);
        ApplicationProcess again = start("a", 10);
        awaitDelivering(again, b);
        assertThat(deliveries.before(committed, killed)).isZero();
        Map<String, Long> committedLater = awaitCommitted();
        b.kill();
        int killedLater = deliveries.all().size();
        awaitDelivering(again);
        awaitDelivered();

        assertThat(deliveries.before(committedLater, killedLater)).isZero();
        System.out.println("KafkaFilesIT killed by turns: " + deliveries.duplicates() + " of "
                + deliveries.all().size() + " deliveries were duplicates");
        assertThat(deliveries.outOfOrder()).isZero();
    }
}
