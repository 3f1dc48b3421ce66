package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.SwallowingProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A network partition between a process and its broker: packets are lost, no connection is closed, and no request is refused. */
class LostContactTest extends TopicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int PARTITIONS = 4;

    /** A session of 2 s and a hand-over of 2 s: a member without contact gives its partitions up after 4 s. */
    private static final Map<String, Object> QUICK = Map.of("max.poll.interval.ms", "4000");

    private static final Silence SILENCE = new Silence();

    /** A broker, and the link over which one of the processes reaches it. */
    private static final class Silence {
        final SwallowingProxy link = new SwallowingProxy(this::port);
        final TestBroker broker = TestBroker.behind(link.port());

        private int port() {
            return broker.portBehind();
        }
    }

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);
    private final SwallowingProxy link = SILENCE.link;

    /** What all processes deliver, in order. */
    private final List<Record> delivered = new CopyOnWriteArrayList<>();

    private int last;

    LostContactTest() {
        super(SILENCE.broker);
    }

    @BeforeEach
    void createTopic() {
        broker.createTopic(topic, PARTITIONS);
    }

    @AfterEach
    void heal() {
        link.swallow(false);
    }

    @AfterAll
    static void close() {
        SILENCE.broker.close();
        SILENCE.link.close();
    }

    private Application overTheLink(EngineStores stores) {
        return new Application(topic, "localhost:" + link.port(), stores, QUICK);
    }

    private Application direct(EngineStores stores) {
        return new Application(topic, broker.bootstrapServers(), stores, QUICK);
    }

    private void start(Application application) {
        application.start(orders, batch -> deliver(application, batch));
    }

    private Result deliver(Application application, List<Record> batch) {
        delivered.addAll(batch);
        return application.remember(batch);
    }

    private void putMore(Application application, int count) {
        put(application, last + 1, last + count);
        last += count;
    }

    private void allIsDelivered() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(delivered).extracting(Record::text).containsAll(texts(1, last)));
    }

    /** Puts records until this process has delivered one. */
    private void putUntilItDelivers(Application writer, Application reader) {
        int before = reader.delivered().size();
        await().atMost(PATIENCE).until(() -> {
            putMore(writer, 20);
            allIsDelivered();
            return reader.delivered().size() > before;
        });
    }

    /** Of records that were delivered several times, the first time counts. */
    private void inOrderPerKey() {
        Map<String, Set<Integer>> byKey = new HashMap<>();
        delivered.forEach(record -> byKey.computeIfAbsent(record.partitionKey(), key -> new LinkedHashSet<>())
                .add(Integer.valueOf(record.text())));
        assertThat(byKey.values())
                .allSatisfy(numbers -> assertThat(List.copyOf(numbers)).isSorted());
    }

    private void hasReleasedAll(Application application) {
        await().atMost(PATIENCE)
                .until(() -> application.mappings().describe("orders").join().shards().stream()
                        .allMatch(shard -> shard.consumer() == null));
    }

    /** The process that is cut off delivers nothing more after it has released its partitions. */
    private void otherDeliversAll(Application cut, Application other) {
        putMore(other, 100);
        allIsDelivered();
        hasReleasedAll(cut);
        int before = cut.delivered().size();
        putMore(other, 100);
        allIsDelivered();
        assertThat(cut.delivered()).hasSize(before);
    }

    private void nothingTwice() {
        assertThat(delivered).extracting(Record::text).doesNotHaveDuplicates();
    }

    @Test
    @Tag("long")
    void its_partitions_go_to_another_on_the_same_database_and_come_back_without_a_duplicate() {
        EngineStores database = SharedTopicTest.database();
        try (Application cut = overTheLink(database);
                Application other = direct(database)) {
            start(cut);
            start(other);
            putUntilItDelivers(other, cut);
            putUntilItDelivers(other, other);

            link.swallow(true);
            otherDeliversAll(cut, other);

            link.swallow(false);
            putUntilItDelivers(other, cut);
            nothingTwice();
            inOrderPerKey();
        }
    }

    @Test
    @Tag("long")
    void records_that_it_has_polled_already_are_delivered_by_the_next_owner() {
        EngineStores database = SharedTopicTest.database();
        Semaphore pace = new Semaphore(0);
        try (Application cut = overTheLink(database);
                Application other = direct(database)) {
            putMore(other, 400);
            cut.start(orders.with(Batching.defaults().withBatchSize(1)), batch -> {
                pace.acquire();
                return deliver(cut, batch);
            });
            await().atMost(PATIENCE).until(() -> {
                pace.release();
                return cut.delivered().size() >= PARTITIONS;
            });
            start(other);
            link.swallow(true);
            await().atMost(PATIENCE).until(() -> {
                pace.release();
                return partitions(other).size() == PARTITIONS;
            });
            int before = cut.delivered().size();
            pace.release(400);
            allIsDelivered();

            link.swallow(false); // it stops sooner
            assertThat(cut.delivered()).hasSize(before).hasSizeLessThan(400 - PARTITIONS);
            nothingTwice();
            inOrderPerKey();
        }
    }

    private static Set<String> partitions(Application application) {
        Set<String> shards = new HashSet<>();
        application.delivered().forEach(record -> shards.add(record.shardId()));
        return shards;
    }

    @Test
    @Tag("long")
    void with_a_database_each_only_what_was_not_committed_is_delivered_by_both() {
        try (Application cut = overTheLink(SharedTopicTest.file());
                Application other = direct(SharedTopicTest.file())) {
            start(cut);
            start(other);
            putUntilItDelivers(other, cut);
            putUntilItDelivers(other, other);

            link.swallow(true);
            Map<Integer, Long> committed = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                committed.put(partition, committedOffset(new TopicPartition(topic, partition)));
            }
            otherDeliversAll(cut, other);
            assertThat(twice())
                    .allSatisfy(record ->
                            assertThat(offset(record)).isGreaterThanOrEqualTo(committed.get(partition(record))));

            link.swallow(false);
            int twice = twice().size();
            putUntilItDelivers(other, cut);
            assertThat(twice()).as("since the link is back").hasSize(twice);
            inOrderPerKey();
        }
    }

    private List<Record> twice() {
        Set<String> once = new HashSet<>();
        List<Record> twice = new ArrayList<>(delivered);
        twice.removeIf(record -> once.add(record.text()));
        return twice;
    }

    private static int partition(Record record) {
        return Objects.requireNonNull(record.kafka()).partition();
    }

    private static long offset(Record record) {
        return Objects.requireNonNull(record.kafka()).offset();
    }
}
