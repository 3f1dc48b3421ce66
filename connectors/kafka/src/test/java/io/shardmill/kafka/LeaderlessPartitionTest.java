package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A topic with two partitions without replicas on two brokers, one of which is down. */
@Tag("long")
class LeaderlessPartitionTest extends TopicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestBroker CLUSTER = TestBroker.cluster(2);

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);
    private final CheckpointStore checkpoints = new InMemoryCheckpointStore();
    private boolean isStopped;

    LeaderlessPartitionTest() {
        super(CLUSTER);
    }

    @BeforeEach
    void createTopic() {
        broker.createTopic(topic, Map.of(0, List.of(0), 1, List.of(1)), Map.of());
    }

    @AfterEach
    void startBroker() {
        if (isStopped) {
            isStopped = false;
            broker.start(1);
        }
    }

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    private void stopBroker() {
        isStopped = true;
        broker.stop(1);
    }

    private Application application() {
        return new Application(
                topic,
                broker.bootstrapServers(),
                new EngineStores(checkpoints, new InMemoryMappingStore(checkpoints)),
                Map.of());
    }

    private void put(int partition, String text) {
        produce(new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void delivered(Application application, String... texts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.texts()).containsExactlyInAnyOrder(texts));
    }

    private Optional<ShardStatus> status(Application application, int partition) {
        return application.mappings().describe("orders").join().shards().stream()
                .filter(shard -> shard.shard().equals(topic + "-" + partition))
                .map(ShardProgress::consumer)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private String problem(Application application, int partition) {
        return status(application, partition).map(ShardStatus::problem).orElse("");
    }

    private boolean isCaughtUp(Application application, int partition) {
        return status(application, partition)
                .filter(shard -> shard.caughtUp() && shard.recordsBehind().equals(OptionalLong.of(0)))
                .isPresent();
    }

    @Test
    void others_are_read_meanwhile_and_it_goes_on_when_it_is_back() {
        try (Application application = application()) {
            application.start(orders);
            put(0, "a");
            put(1, "b");
            drained(application);

            stopBroker();
            await().atMost(PATIENCE).until(() -> problem(application, 1).contains("no leader"));
            put(0, "c");
            delivered(application, "a", "b", "c");
            await().atMost(PATIENCE).until(() -> isCaughtUp(application, 0));
            assertThat(problem(application, 0)).isEmpty();
            assertThat(problem(application, 1)).contains("no leader");

            startBroker();
            put(1, "d");
            delivered(application, "a", "b", "c", "d");
            await().atMost(PATIENCE).until(() -> problem(application, 1).isEmpty());
            drained(application);
        }
    }

    @Test
    void others_begin_meanwhile_and_it_begins_when_it_is_back() {
        put(0, "a");
        put(1, "b");
        stopBroker();
        try (Application application = application()) {
            application.start(orders);
            delivered(application, "a");
            await().atMost(PATIENCE).until(() -> isCaughtUp(application, 0));
            await().atMost(PATIENCE).until(() -> !problem(application, 1).isEmpty());

            startBroker();
            delivered(application, "a", "b");
            drained(application);
            assertThat(problem(application, 1)).isEmpty();
        }
    }

    @Test
    void a_process_that_begins_without_its_leader_goes_on_at_the_checkpoint_when_it_is_back() {
        try (Application application = application()) {
            application.start(orders);
            put(0, "a");
            put(1, "b");
            drained(application);
        }
        stopBroker();
        try (Application application = application()) {
            application.start(orders);
            put(0, "c");
            delivered(application, "c");
            await().atMost(PATIENCE).until(() -> problem(application, 1).contains("no leader"));

            startBroker();
            put(1, "d");
            delivered(application, "c", "d");
            await().atMost(PATIENCE).until(() -> problem(application, 1).isEmpty());
        }
    }
}
