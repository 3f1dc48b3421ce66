package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mapping in several processes of one consumer group, on one database or with a file each. */
class SharedTopicTest extends TopicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);

    @BeforeEach
    void createTopic() {
        broker.createTopic(topic, 4);
    }

    static EngineStores database() {
        InMemoryCheckpointStore checkpoints = new InMemoryCheckpointStore();
        InMemoryMemberStore members = new InMemoryMemberStore();
        return new EngineStores(
                checkpoints, new InMemoryMappingStore(checkpoints), new MemberStores(members, members), null);
    }

    private Application application(EngineStores stores) {
        return new Application(topic, stores, Map.of());
    }

    static EngineStores file() {
        InMemoryCheckpointStore checkpoints = new InMemoryCheckpointStore();
        return new EngineStores(checkpoints, new InMemoryMappingStore(checkpoints));
    }

    private static Set<String> shards(Application application) {
        Set<String> shards = new HashSet<>();
        application.delivered().forEach(record -> shards.add(record.shardId()));
        return shards;
    }

    private static List<String> all(Application... applications) {
        return Stream.of(applications)
                .flatMap(application -> application.texts().stream())
                .toList();
    }

    private void delivered(int to, Application... applications) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(all(applications)).containsAll(texts(1, to)));
    }

    @Test
    void processes_on_one_database_share_the_partitions_and_hand_them_over_without_a_duplicate() {
        EngineStores database = database();
        try (Application a = application(database).start(orders)) {
            put(a, 1, 100);
            delivered(100, a);
            Application b = application(database).start(orders);
            int to = 100;
            try (b) {
                while (shards(b).size() < 2) {
                    put(a, to + 1, to + 20);
                    to += 20;
                    delivered(to, a, b);
                }
                assertThat(all(a, b)).doesNotHaveDuplicates();
                List<Record> ofA = new ArrayList<>(a.delivered());
                put(a, to + 1, to + 40);
                delivered(to + 40, a, b);
                Set<String> stillOfA = new HashSet<>();
                a.delivered()
                        .subList(ofA.size(), a.delivered().size())
                        .forEach(record -> stillOfA.add(record.shardId()));
                assertThat(stillOfA).isNotEmpty().doesNotContainAnyElementsOf(shards(b));
            }
            put(a, to + 41, to + 80);
            delivered(to + 80, a, b);
            assertThat(all(a, b)).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_process_that_comes_back_with_a_file_of_its_own_begins_where_the_others_have_come() {
        EngineStores fileOfA = file();
        Application b = application(file());
        try (b) {
            try (Application a = application(fileOfA).start(orders)) {
                put(a, 1, 40);
                delivered(40, a);
            }
            b.start(orders);
            put(b, 41, 80);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(b.texts()).containsAll(texts(41, 80)));
        }
        assertThat(b.texts()).containsExactlyInAnyOrderElementsOf(texts(41, 80));
        try (Application a = application(fileOfA).start(orders)) {
            put(a, 81, 100);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(a.texts()).containsAll(texts(81, 100)));
            assertThat(a.texts()).containsExactlyInAnyOrderElementsOf(texts(81, 100));
        }
    }

    @Test
    void what_was_finished_ahead_of_the_offset_does_not_come_again_in_a_process_with_a_file_of_its_own() {
        EventSourceMapping inLanes =
                orders.with(orders.batching().withBatchSize(1).withFactor(10));
        Application a = application(file());
        try (a) {
            a.start(inLanes, batch -> {
                if (batch.get(0).text().equals("1")) {
                    throw new IllegalStateException("not yet");
                }
                return a.remember(batch);
            });
            put(a, 1, 100);
            await().atMost(PATIENCE).until(() -> a.delivered().size() > 60);
        }
        Application b = application(file());
        try (b) {
            b.start(inLanes);
            delivered(100, a, b);
            put(b, 101, 120);
            delivered(120, a, b);
            assertThat(all(a, b)).doesNotHaveDuplicates();
        }
        String shard = b.delivered().stream()
                .filter(record -> record.text().equals("1"))
                .map(Record::shardId)
                .findFirst()
                .orElseThrow();
        assertThat(shards(a))
                .as("something was finished after the failed record")
                .contains(shard);
    }

    @Test
    void a_process_is_drained_and_resumed() {
        EngineStores database = database();
        try (Application a = application(database).start(orders);
                Application b = application(database).start(orders)) {
            int to = 0;
            while (shards(a).isEmpty() || shards(b).isEmpty()) {
                put(a, to + 1, to + 20);
                to += 20;
                delivered(to, a, b);
            }
            b.mappings()
                    .replicas()
                    .orElseThrow()
                    .drain()
                    .orTimeout(40, TimeUnit.SECONDS)
                    .join();
            int before = b.delivered().size();
            put(a, to + 1, to + 40);
            delivered(to + 40, a, b);
            assertThat(b.delivered()).hasSize(before);
            b.mappings()
                    .replicas()
                    .orElseThrow()
                    .resume()
                    .orTimeout(40, TimeUnit.SECONDS)
                    .join();
            to += 40;
            while (b.delivered().size() == before) {
                put(a, to + 1, to + 20);
                to += 20;
                delivered(to, a, b);
            }
            assertThat(all(a, b)).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_pause_and_a_replay_that_one_process_takes_are_for_all() {
        EngineStores database = database();
        try (Application a = application(database).start(orders);
                Application b = application(database).start(orders)) {
            int to = 0;
            while (shards(a).isEmpty() || shards(b).isEmpty()) {
                put(a, to + 1, to + 20);
                to += 20;
                delivered(to, a, b);
            }
            a.mappings().replay("orders", Replay.parse("TRIM_HORIZON")).join();
            int last = to;
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(all(a, b)).hasSize(2 * last));
            for (String text : texts(1, last)) {
                assertThat(all(a, b)).filteredOn(text::equals).hasSize(2);
            }
            b.mappings().pause("orders").join();
            a.mappings().resume("orders").join();
            put(a, last + 1, last + 20);
            delivered(last + 20, a, b);
        }
    }
}
