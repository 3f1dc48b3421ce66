package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.internal.batch.LaneHash;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, the lanes of a topic's partitions: cases 88 to 90. */
public abstract class LaneContract extends TopicContract {

    private static final int LANES = 4;

    /** A key of each lane. */
    private static final List<String> KEYS = IntStream.range(0, LANES)
            .mapToObj(lane -> IntStream.range(0, 100)
                    .mapToObj(String::valueOf)
                    .filter(key -> LaneHash.laneOf(KafkaRecords.of(0, key, null), LANES) == lane)
                    .findFirst()
                    .orElseThrow())
            .toList();

    private EventSourceMapping inLanes(int batchSize) {
        return mapping().with(Batching.defaults().withFactor(LANES).withBatchSize(batchSize));
    }

    private void put(int partition, String key, String text) {
        topic().put(partition, key, text, topic().now());
    }

    private static Set<String> keys(Invocation invocation) {
        Set<String> keys = new HashSet<>();
        invocation.records().forEach(record -> keys.add(record.partitionKey()));
        return keys;
    }

    private Set<String> keysThatRunTwice() {
        Set<String> once = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (Invocation invocation : topic().running()) {
            keys(invocation).stream().filter(key -> !once.add(key)).forEach(twice::add);
        }
        return twice;
    }

    private Map<String, List<Record>> firstDeliveries() {
        Map<String, List<Record>> byKey = new HashMap<>();
        Set<Record> seen = new HashSet<>();
        deliveries().stream()
                .flatMap(delivery -> delivery.invocation().records().stream())
                .filter(seen::add)
                .forEach(record -> byKey.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
                        .add(record));
        return byKey;
    }

    @Test
    void case_88_with_random_failures_records_of_a_key_keep_their_order_and_never_overlap() {
        long seed = new Random().nextLong();
        System.out.println(getClass().getSimpleName() + " seed " + seed);
        Random random = new Random(seed);
        for (int number = 0; number < 60; number++) {
            put(0, "key " + random.nextInt(10), String.valueOf(number));
        }
        Set<String> overlapping = ConcurrentHashMap.newKeySet();
        deliver(inLanes(3), invocation -> {
            overlapping.addAll(keysThatRunTwice());
            topic().take(Duration.ofMillis(random.nextInt(20)));
            if (invocation.attempt().number() == 1 && random.nextInt(3) == 0) {
                throw new IllegalStateException("at random");
            }
            return Answer.of(Result.success());
        });

        assertThat(overlapping).isEmpty();
        assertThat(firstDeliveries().values().stream().mapToInt(List::size).sum())
                .isEqualTo(60);
        assertThat(firstDeliveries().values())
                .allSatisfy(records -> assertThat(records)
                        .isSortedAccordingTo(
                                (one, other) -> one.sequenceNumber().compareTo(other.sequenceNumber())));
    }

    @Test
    void case_89_a_poison_key_blocks_its_lane_only_and_a_restart_delivers_its_records_and_no_others_again() {
        String poison = KEYS.get(1);
        for (int round = 0; round < 2; round++) {
            KEYS.forEach(key -> put(0, key, key));
        }
        start(inLanes(1), throwingOn(poison));
        topic().await(() -> KEYS.stream()
                .allMatch(key ->
                        key.equals(poison) ? delivered().contains(key) : Collections.frequency(delivered(), key) == 2));
        assertFinished(0, 1);

        int before = deliveries().size();
        deliver(inLanes(1), succeeding());
        assertThat(delivered().subList(before, deliveries().size())).containsExactly(poison, poison);
        assertFinished(0, 8);
    }

    @Test
    void case_90_no_more_than_partitions_times_factor_invocations_run_at_once() {
        for (int number = 0; number < 24; number++) {
            put(number % 2, KEYS.get(number / 2 % LANES), String.valueOf(number));
        }
        AtomicInteger mostRunning = new AtomicInteger();
        deliver(inLanes(1), invocation -> {
            mostRunning.accumulateAndGet(topic().running().size(), Math::max);
            topic().take(Duration.ofMillis(200));
            return Answer.of(Result.success());
        });

        assertThat(deliveries()).hasSize(24);
        assertThat(mostRunning).hasValue(2 * LANES);
    }
}
