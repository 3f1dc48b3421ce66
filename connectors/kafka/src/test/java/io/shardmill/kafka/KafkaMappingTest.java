package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** A mapping on a topic of a real broker. */
class KafkaMappingTest extends TopicTest {

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);

    @Test
    void records_of_all_partitions_are_delivered_in_order_per_key() {
        broker.createTopic(topic, 3);
        try (Application application = new Application(topic)) {
            put(application, 1, 100);
            application.start(orders.with(Batching.defaults().withFactor(4).withBatchSize(10)));
            drained(application);
            put(application, 101, 150);
            drained(application);

            assertThat(application.texts()).containsExactlyInAnyOrderElementsOf(texts(1, 150));
            Map<String, List<Integer>> byKey = application.delivered().stream()
                    .collect(Collectors.groupingBy(
                            Record::partitionKey,
                            Collectors.mapping(record -> Integer.valueOf(record.text()), Collectors.toList())));
            assertThat(byKey).hasSize(7);
            assertThat(byKey.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
        }
    }

    @Test
    void a_record_shows_its_key_headers_place_and_time_and_that_it_has_none() {
        broker.createTopic(topic, 2);
        RecordHeader header = new RecordHeader("type", "order".getBytes(StandardCharsets.UTF_8));
        produce(new ProducerRecord<>(
                topic,
                1,
                1_789_809_023_187L,
                "k".getBytes(StandardCharsets.UTF_8),
                "v".getBytes(StandardCharsets.UTF_8),
                List.of(header, new RecordHeader("none", (byte[]) null))));
        produce(new ProducerRecord<>(topic, 0, null, new byte[] {1}));
        produce(new ProducerRecord<>(topic, 0, new byte[0], null));
        try (Application application = new Application(topic)) {
            application.start(orders);
            drained(application);

            Map<String, Record> records =
                    application.delivered().stream().collect(Collectors.toMap(Record::toString, record -> record));
            assertThat(records).hasSize(3);
            Record full = application.delivered().stream()
                    .filter(record -> record.text().equals("v"))
                    .findFirst()
                    .orElseThrow();
            KafkaMetadata kafka = Objects.requireNonNull(full.kafka());
            assertThat(full.shardId()).isEqualTo(topic + "-1");
            assertThat(full.stream()).isEqualTo(topic);
            assertThat(full.partitionKey()).isEqualTo("k");
            assertThat(full.approximateArrivalMillis()).isEqualTo(1_789_809_023_187L);
            assertThat(kafka.timestampType()).isEqualTo(KafkaMetadata.TimestampType.CREATE_TIME);
            assertThat(kafka.partition()).isEqualTo(1);
            assertThat(kafka.offset()).isZero();
            assertThat(kafka.header("type")).isEqualTo("order".getBytes(StandardCharsets.UTF_8));
            assertThat(kafka.headers()).extracting(KafkaMetadata.Header::name).containsExactly("type", "none");
            List<KafkaMetadata> others = application.delivered().stream()
                    .filter(record -> record.shardId().equals(topic + "-0"))
                    .map(record -> Objects.requireNonNull(record.kafka()))
                    .toList();
            assertThat(others.get(0).key()).isNull();
            assertThat(others.get(0).isTombstone()).isFalse();
            assertThat(others.get(1).key()).isEmpty();
            assertThat(others.get(1).isTombstone()).isTrue();
        }
    }

    @Test
    void the_group_shows_the_lowest_unfinished_offset_and_a_restart_resumes_there() {
        broker.createTopic(topic, 1);
        InMemoryCheckpointStore store = new InMemoryCheckpointStore();
        Semaphore stuck = new Semaphore(0);
        try (Application application = new Application(topic, store, Map.of())) {
            application.start(orders.with(Batching.defaults().withBatchSize(10)), batch -> {
                if (batch.get(0).text().equals("21")) {
                    stuck.acquire();
                }
                return application.remember(batch);
            });
            put(application, 1, 50);
            await().atMost(Duration.ofSeconds(20)).until(() -> committedOffset(first) == 20);
            assertThat(application.texts()).containsExactlyElementsOf(texts(1, 20));
            stuck.release();
            drained(application);
        }
        assertThat(committedOffset(first)).isEqualTo(50);
        try (Application application = new Application(topic, store, Map.of())) {
            put(application, 51, 60);
            application.start(orders);
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(51, 60));
        }
    }

    @Test
    void what_is_no_record_is_behind_the_committed_offset() {
        broker.createTopic(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            for (boolean commits : new boolean[] {true, false, true, false}) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(
                        topic, 0, null, Boolean.toString(commits).getBytes(StandardCharsets.UTF_8)));
                producer.flush();
                if (commits) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        try (Application application =
                new Application(topic, new InMemoryCheckpointStore(), Map.of("isolation.level", "read_committed"))) {
            application.start(orders);
            drained(application);
            assertThat(application.texts()).containsExactly("true", "true");
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(committedOffset(first)).isEqualTo(8));
        }
    }

    @Test
    void offsets_that_a_group_has_already_win_over_the_starting_position() {
        broker.createTopic(topic, 2);
        try (Application application = new Application(topic)) {
            for (int number = 1; number <= 20; number++) {
                produce(new ProducerRecord<>(
                        topic, number % 2, null, Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
            }
            resetOffset(first, 7); // of 10
            application.start(orders);
            drained(application);
            assertThat(application.texts())
                    .containsExactlyInAnyOrder("16", "18", "20", "1", "3", "5", "7", "9", "11", "13", "15", "17", "19");
        }
    }

    @Test
    void offsets_that_an_operator_resets_are_a_replay() {
        broker.createTopic(topic, 1);
        InMemoryCheckpointStore store = new InMemoryCheckpointStore();
        try (Application application = new Application(topic, store, Map.of())) {
            application.start(orders);
            put(application, 1, 20);
            drained(application);
        }
        resetOffset(first, 15);
        try (Application application = new Application(topic, store, Map.of())) {
            application.start(orders);
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(16, 20));
        }
        assertThat(committedOffset(first)).isEqualTo(20);
        try (Application application = new Application(topic, store, Map.of())) {
            application.start(orders);
            drained(application);
            assertThat(application.texts()).isEmpty();
        }
    }

    @Test
    void a_replay_wins_over_offsets_that_the_group_has() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            put(application, 1, 10);
            resetOffset(first, 7);
            application.start(orders, Replay.parse("TRIM_HORIZON"));
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(1, 10));
        }
        resetOffset(first, 7);
        try (Application application = new Application(topic)) {
            application.start(orders);
            application.mappings().pause("orders").join();
            application
                    .mappings()
                    .replay("orders", Replay.parse("TRIM_HORIZON"))
                    .join();
            application.mappings().resume("orders").join();
            drained(application);
            assertThat(application.texts()).endsWith(texts(1, 10).toArray(String[]::new));
        }
    }

    @Test
    void a_replay_of_a_paused_mapping_wins_over_offsets_that_the_group_had_also_after_a_restart() {
        broker.createTopic(topic, 1);
        CheckpointStore checkpoints = new InMemoryCheckpointStore();
        EngineStores stores = new EngineStores(checkpoints, new InMemoryMappingStore(checkpoints));
        try (Application application = new Application(topic, stores, Map.of()).start(orders)) {
            put(application, 1, 10);
            drained(application);
            application.mappings().pause("orders").join();
        }
        resetOffset(first, 7);
        try (Application application = new Application(topic, stores, Map.of()).start(orders)) {
            application
                    .mappings()
                    .replay("orders", Replay.parse("TRIM_HORIZON"))
                    .join();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> committedMetadata(first).startsWith("shardmill:"));
            assertThat(committedOffset(first)).isEqualTo(7);
        }
        try (Application application = new Application(topic, stores, Map.of()).start(orders)) {
            application.mappings().resume("orders").join();
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(1, 10));
        }
    }

    @Test
    void a_replay_from_an_offset_that_several_partitions_have_is_refused_with_what_to_do() {
        broker.createTopic(topic, 2);
        try (Application application = new Application(topic)) {
            application.start(orders);
            assertThatThrownBy(() -> application
                            .mappings()
                            .replay("orders", Replay.parse("5"))
                            .join())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("Sequence number 5", "any of the 2 partitions", "replay it from a time");
        }
    }

    @Test
    void latest_and_a_time_begin_where_the_partitions_were() throws Exception {
        broker.createTopic(topic, 1);
        InMemoryCheckpointStore store = new InMemoryCheckpointStore();
        try (Application application = new Application(topic, store, Map.of())) {
            put(application, 1, 5);
            application.start(orders.with(new StartingPosition.Latest()));
            drained(application);
            put(application, 6, 7);
            drained(application);
            assertThat(application.texts()).containsExactly("6", "7");
        }
        try (Application application = new Application(topic)) {
            Instant future = Instant.now().plusSeconds(3_600);
            produce(new ProducerRecord<>(
                    topic, 0, future.toEpochMilli(), null, "then".getBytes(StandardCharsets.UTF_8)));
            application.start(new EventSourceMapping(
                    "later",
                    orders.with(new StartingPosition.AtTimestamp(future)).source(),
                    "later",
                    Batching.defaults(),
                    FailureHandling.defaults()));
            drained(application);
            assertThat(application.texts()).containsExactly("then");
        }
    }

    @Test
    void latest_begins_before_a_transaction_that_is_open_for_who_reads_what_is_committed() {
        broker.createTopic(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic));
                Application application = new Application(
                        topic, new InMemoryCheckpointStore(), Map.of("isolation.level", "read_committed"))) {
            put(application, 1, 5);
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, "first".getBytes(StandardCharsets.UTF_8)));
            producer.flush();
            put(application, 6, 7);
            application.start(orders.with(new StartingPosition.Latest()));
            drained(application);
            assertThat(application.texts()).isEmpty();

            producer.send(new ProducerRecord<>(topic, 0, null, "second".getBytes(StandardCharsets.UTF_8)));
            producer.commitTransaction();
            put(application, 8, 8);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(application.texts()).containsExactly("first", "6", "7", "second", "8"));
        }
    }

    @Test
    void a_poison_record_is_isolated_and_sent_to_the_destination() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            put(application, 1, 20);
            application.start(
                    orders.with(FailureHandling.defaults()
                            .withBisect()
                            .withMaximumRetryAttempts(1)
                            .withDestination("discarded")),
                    batch -> {
                        if (batch.stream().anyMatch(record -> record.text().equals("13"))) {
                            throw new IllegalStateException("poison");
                        }
                        return application.remember(batch);
                    });
            drained(application);
            assertThat(application.texts()).hasSize(19).doesNotContain("13");
            assertThat(application.discarded())
                    .singleElement()
                    .satisfies(batch -> assertThat(batch.first().text()).isEqualTo("13"));
        }
    }

    @Test
    void a_mapping_is_paused_resumed_and_replayed_while_it_runs() {
        broker.createTopic(topic, 2);
        try (Application application = new Application(topic)) {
            application.start(orders);
            put(application, 1, 10);
            drained(application);
            application.mappings().pause("orders").join();
            put(application, 11, 20);
            application.mappings().resume("orders").join();
            drained(application);
            assertThat(application.texts()).containsExactlyInAnyOrderElementsOf(texts(1, 20));
            application
                    .mappings()
                    .replay("orders", Replay.parse("TRIM_HORIZON"))
                    .join();
            drained(application);
            assertThat(application.texts()).hasSize(40);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> committedOffset(first) + committedOffset(new TopicPartition(topic, 1)) == 20);
        }
    }

    @Test
    void a_handler_that_is_slower_than_the_poll_interval_costs_no_membership() {
        broker.createTopic(topic, 1);
        AtomicInteger invocations = new AtomicInteger();
        Semaphore slow = new Semaphore(0);
        try (Application application =
                new Application(topic, new InMemoryCheckpointStore(), Map.of("max.poll.interval.ms", "3000"))) {
            put(application, 1, 5);
            application.start(orders, batch -> {
                invocations.incrementAndGet();
                slow.acquire();
                return application.remember(batch);
            });
            await().atMost(Duration.ofSeconds(20)).until(() -> invocations.get() == 1);
            long begun = System.nanoTime();
            await().atMost(Duration.ofSeconds(20)).until(() -> System.nanoTime() - begun > 5_000_000_000L);
            slow.release();
            drained(application);
            assertThat(invocations).hasValue(1);
            assertThat(application.texts()).containsExactlyElementsOf(texts(1, 5));
        }
    }

    @Test
    void records_that_the_topic_has_deleted_are_passed_over_to_the_oldest_one() {
        broker.createTopic(topic, 1);
        InMemoryCheckpointStore store = new InMemoryCheckpointStore();
        try (Application application = new Application(topic, store, Map.of())) {
            application.start(orders);
            put(application, 1, 10);
            drained(application);
        }
        try (Application application = new Application(topic, store, Map.of())) {
            put(application, 11, 30);
            get(broker.admin()
                    .deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(20)))
                    .all());
            application.start(orders);
            drained(application);
            assertThat(application.texts()).containsExactlyElementsOf(texts(21, 30));
        }
    }

    @Test
    void partitions_that_are_added_are_read_from_their_beginning() {
        broker.createTopic(topic, 1);
        try (Application application =
                new Application(topic, new InMemoryCheckpointStore(), Map.of("metadata.max.age.ms", "1000"))) {
            application.start(orders.with(new StartingPosition.Latest()));
            drained(application);
            get(broker.admin()
                    .createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                    .all());
            for (int partition = 0; partition < 3; partition++) {
                produce(new ProducerRecord<>(
                        topic, partition, null, Integer.toString(partition).getBytes(StandardCharsets.UTF_8)));
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(application.texts()).containsExactlyInAnyOrder("0", "1", "2"));
        }
    }

    @Test
    void a_topic_that_is_missing_is_waited_for_and_one_that_is_made_anew_is_read_from_its_beginning() {
        try (Application application = new Application(topic)) {
            application.start(orders);
            broker.createTopic(topic, 1);
            put(application, 1, 10);
            drained(application);
            broker.deleteTopic(topic);
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                broker.createTopic(topic, 1);
                return true;
            });
            put(application, 11, 40);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(application.texts()).containsAll(texts(1, 40)));
        }
    }

    @Test
    void a_topic_that_is_made_anew_after_its_leaders_have_changed_is_read_within_seconds() {
        broker.createTopic(topic, 2);
        try (Application application = new Application(topic)) {
            application.start(orders);
            broker.stop();
            broker.start();
            put(application, 1, 100);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(application.texts()).containsAll(texts(1, 100)));
            broker.deleteTopic(topic);
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                broker.createTopic(topic, 2);
                return true;
            });
            put(application, 101, 110);
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(application.texts()).containsAll(texts(101, 110)));
        }
    }

    @Test
    void an_outage_of_the_broker_loses_nothing() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            application.start(orders);
            put(application, 1, 10);
            drained(application);
            broker.stop();
            broker.start();
            put(application, 11, 20);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(application.texts()).containsAll(texts(1, 20)));
        }
    }

    @Test
    void a_writer_says_what_it_refuses() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            assertThat(application
                            .streams()
                            .put(topic, PutEntry.of("k", "v"))
                            .shard()
                            .id())
                    .isEqualTo(topic + "-0");
            assertThatThrownBy(() -> application.streams().put(topic, PutEntry.of("k", new byte[2 << 20])))
                    .isInstanceOf(PutRejectedException.class)
                    .hasMessageContaining("RecordTooLarge");
            assertThatThrownBy(() -> application
                            .streams()
                            .put(topic, PutEntry.of("k", "v").withExplicitHashKey(BigInteger.ONE)))
                    .isInstanceOf(PutRejectedException.class)
                    .hasMessageContaining("explicitHashKey");
            assertThatThrownBy(() -> application.streams().put("other", PutEntry.of("k", "v")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(topic);
        }
    }

    @Test
    void a_stop_leaves_no_thread_behind() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            application.start(orders, batch -> Result.success());
            put(application, 1, 10);
            drained(application);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("shardmill") && name.contains("kafka"));
    }

    @Test
    void a_mapping_with_another_name_goes_on_at_the_offsets_of_its_group() {
        broker.createTopic(topic, 2);
        CheckpointStore checkpoints = new InMemoryCheckpointStore();
        EventSourceMapping latest = EventSourceMapping.of("orders", topic).with(new StartingPosition.Latest());
        try (Application application = new Application(topic, checkpoints, Map.of()).start(latest)) {
            drained(application);
            put(application, 1, 10);
            drained(application);
        }
        try (Application application = new Application(topic, checkpoints, Map.of())) {
            put(application, 11, 20);
            application.start(EventSourceMapping.of(Application.RENAMED, topic).with(new StartingPosition.Latest()));
            drained(application);
            assertThat(application.texts()).containsExactlyInAnyOrderElementsOf(texts(11, 20));
        }
    }

    @Test
    void a_mapping_that_is_deleted_and_created_again_goes_on_at_the_offsets_of_its_group() {
        broker.createTopic(topic, 2);
        EventSourceMapping latest = orders.with(new StartingPosition.Latest());
        try (Application application = new Application(topic).create(orders)) {
            put(application, 1, 10);
            drained(application);
            application.mappings().delete("orders");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> application.mappings().names().isEmpty());
            put(application, 11, 20);
            application.create(latest);
            drained(application);
            assertThat(application.texts()).containsExactlyInAnyOrderElementsOf(texts(1, 20));
        }
    }

    @Test
    void a_replay_from_an_offset_that_the_topic_does_not_have_is_refused() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic).start(EventSourceMapping.of("orders", topic))) {
            put(application, 1, 10);
            drained(application);
            for (String number : List.of("10", "49590338271490256608559692538361571095921575989136588898")) {
                assertThatThrownBy(() -> application
                                .mappings()
                                .replay("orders", Replay.parse(number))
                                .join())
                        .hasMessageContaining(number);
            }
            application.mappings().replay("orders", Replay.parse("9")).join();
            await().until(() -> application.texts().size() == 11);
        }
    }
}
