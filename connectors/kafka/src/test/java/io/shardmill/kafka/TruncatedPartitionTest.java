package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A partition that loses its last records in an unclean election: the new leader lacks them, and gets other records at their offsets. */
@Tag("long")
class TruncatedPartitionTest extends TopicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestBroker CLUSTER = TestBroker.cluster(3);

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);
    private final EngineStores stores = SharedTopicTest.file();

    TruncatedPartitionTest() {
        super(CLUSTER);
    }

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    private Application application() {
        return new Application(topic, broker.bootstrapServers(), stores, Map.of());
    }

    /** Ten records are kept, and so are the group's offsets, which are on another broker. */
    private void createTopic(Application application) {
        broker.createTopic(topic, Map.of(0, List.of(1, 2)), Map.of());
        put(application, 1, 10);
    }

    /** Reads ten records of both replicas, and twenty that only one of them has: the other is stopped. */
    private void readAlone(int replica, Application application) {
        createTopic(application);
        application.start(orders);
        drained(application);
        broker.stop(3 - replica);
        put(application, 11, 30);
        drained(application);
    }

    private void loseRecords() {
        broker.stop(1);
        broker.start(2);
        broker.electUncleanly(first);
        broker.start(1);
    }

    private void hasStopped(Application application) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                application.mappings().describe("orders").join().shards())
                        .singleElement()
                        .satisfies(shard -> assertThat(shard.consumer()).isNotNull())
                        .satisfies(
                                shard -> assertThat(shard.consumer().problem()).contains("lost records")));
    }

    private static void replay(Application application) {
        application.mappings().replay("orders", Replay.parse("TRIM_HORIZON")).join();
    }

    private void goesOnByReplay(Application application) {
        replay(application);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.texts()).containsAll(texts(31, 70)));
        drained(application);
    }

    @Test
    void it_is_not_read_on_past_records_that_came_in_place_of_others() {
        try (Application application = application()) {
            readAlone(1, application);
            loseRecords();
            put(application, 31, 70);
            hasStopped(application);
            application.mappings().pause("orders").join();
            application.mappings().resume("orders").join();
            hasStopped(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(1, 30));
            goesOnByReplay(application);
        }
    }

    @Test
    void neither_is_it_by_a_process_that_begins_afterwards() {
        try (Application application = application()) {
            readAlone(1, application);
        }
        loseRecords();
        try (Application application = application()) {
            put(application, 31, 70);
            application.start(orders);
            hasStopped(application);
            assertThat(application.texts()).isEmpty();
            goesOnByReplay(application);
        }
    }

    @Test
    void it_is_read_on_by_a_process_that_begins_after_a_replay() {
        try (Application application = application()) {
            readAlone(1, application);
        }
        loseRecords();
        try (Application application = application()) {
            put(application, 31, 70);
            application.start(orders);
            hasStopped(application);
            application.mappings().pause("orders").join();
            replay(application);
        }
        try (Application application = application()) {
            application.start(orders);
            application.mappings().resume("orders").join();
            drained(application);
            assertThat(application.texts()).contains("1", "10").containsAll(texts(31, 70));
        }
        try (Application application = application()) {
            application.start(orders);
            put(application, 71, 80);
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(71, 80));
        }
    }

    /** Lanes have finished records that are lost, and would take the new records at their offsets for finished. */
    @Test
    void neither_is_it_from_a_record_before_them_that_is_not_finished() {
        EventSourceMapping inLanes =
                orders.with(orders.batching().withBatchSize(1).withFactor(10));
        try (Application application = application()) {
            createTopic(application);
            application.start(inLanes, batch -> {
                if (batch.get(0).text().equals("5")) {
                    throw new IllegalStateException("not yet");
                }
                return application.remember(batch);
            });
            broker.stop(2);
            put(application, 11, 30);
            await().atMost(PATIENCE).until(() -> application.texts().contains("30"));
            await().atMost(PATIENCE).until(() -> committedOffset(first) == 4);
        }
        loseRecords();
        try (Application application = application()) {
            put(application, 31, 70);
            application.start(inLanes);
            hasStopped(application);
            goesOnByReplay(application);
        }
    }

    @Test
    void one_that_has_another_leader_and_all_of_its_records_is_read_on() {
        try (Application application = application()) {
            readAlone(2, application);
        }
        broker.start(1);
        broker.awaitInSync(first, 2);
        broker.stop(2);
        try (Application application = application()) {
            put(application, 31, 70);
            application.start(orders);
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(31, 70));
        } finally {
            broker.start(2);
        }
    }
}
