package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.internal.batch.LaneHash;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.testkit.ScriptedFunction.Delivery;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Parallelism, shards, checkpoints": cases 88 to 90. */
class ParallelismTest {

    private static final Batching FOUR_LANES = Batching.defaults().withFactor(4).withBatchSize(3);

    /** A key of each lane. */
    private static final List<String> KEYS = IntStream.range(0, 4)
            .mapToObj(lane -> IntStream.range(0, 100)
                    .mapToObj(String::valueOf)
                    .filter(key -> LaneHash.laneOf(key, 4) == lane)
                    .findFirst()
                    .orElseThrow())
            .toList();

    private static Stream<String> keys(Delivery delivery) {
        return delivery.invocation().records().stream()
                .map(Record::partitionKey)
                .distinct();
    }

    @Test
    void case_88_with_random_failures_records_of_a_key_keep_their_order_and_never_overlap() {
        for (int round = 0; round < 50; round++) {
            long seed = new Random().nextLong();
            System.out.println("ParallelismTest seed " + seed);
            keysKeepTheirOrder(seed);
        }
    }

    private static void keysKeepTheirOrder(long seed) {
        Random random = new Random(seed);
        World world = new World(1, new VirtualTime(random));
        world.function.takes(invocation -> random.nextInt(50)).answers(invocation -> {
            assertThat(world.function.running().stream().flatMap(ParallelismTest::keys))
                    .as("seed %d: keys in flight", seed)
                    .doesNotHaveDuplicates();
            return random.nextInt(3) == 0
                    ? InvocationOutcome.Failure.threw(new IllegalStateException("at random"))
                    : new InvocationOutcome.Succeeded();
        });
        for (int number = 0; number < 200; number++) {
            world.stream.put(world.stream.shardIds().get(0), "key " + random.nextInt(20), String.valueOf(number));
        }
        world.start(world.mapping().with(FOUR_LANES)).advance(Duration.ofHours(1));

        Map<String, List<Record>> first = new HashMap<>();
        Set<Record> seen = new HashSet<>();
        for (Delivery delivery : world.function.deliveries()) {
            delivery.invocation().records().stream()
                    .filter(seen::add)
                    .forEach(record -> first.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
                            .add(record));
        }
        assertThat(seen).as("seed %d", seed).hasSize(200);
        first.forEach((key, records) -> assertThat(records)
                .as("seed %d, %s", seed, key)
                .isSortedAccordingTo((one, other) -> one.sequenceNumber().compareTo(other.sequenceNumber())));
    }

    private void putOneOfEachKey(World world) {
        KEYS.forEach(key -> world.stream.put(world.stream.shardIds().get(0), key, key));
    }

    @Test
    void case_89_a_poison_key_blocks_its_lane_only_and_the_checkpoint_stays_below_its_record() {
        World world = new World(1);
        String poison = KEYS.get(1);
        world.function.throwsOn(poison);
        putOneOfEachKey(world);
        putOneOfEachKey(world);
        Record before = world.stream.records(world.stream.shardIds().get(0)).get(0);
        world.start(world.mapping().with(FOUR_LANES)).advance(Duration.ofSeconds(30));

        assertThat(world.function.deliveries())
                .filteredOn(delivery -> !delivery.texts().contains(poison))
                .flatExtracting(Delivery::texts)
                .containsExactlyInAnyOrderElementsOf(Stream.of(KEYS.get(0), KEYS.get(2), KEYS.get(3))
                        .flatMap(key -> Stream.of(key, key))
                        .toList());
        assertThat(world.row(world.stream.shardIds().get(0)).progress().watermark())
                .isEqualTo(before.sequenceNumber());
    }

    @Test
    void case_89_a_restart_delivers_the_poison_record_again_and_nothing_that_other_lanes_have_done() {
        World world = new World(1);
        String poison = KEYS.get(1);
        world.function.throwsOn(poison);
        putOneOfEachKey(world);
        world.start(world.mapping().with(FOUR_LANES)).advance(Duration.ofSeconds(30));
        world.crash();
        int delivered = world.function.deliveries().size();
        world.function.throwsOn();
        world.start(world.mapping().with(FOUR_LANES));

        assertThat(world.function
                        .digits()
                        .subList(delivered, world.function.digits().size()))
                .containsExactly(poison);
    }

    /**
     * Readers hand out slices of the chunks they read. A lane that waits must not keep the chunks whose other records
     * are long finished; one that keeps up gets the reader's own records.
     */
    @Test
    void a_lane_that_lags_behind_holds_its_records_and_not_the_chunks_they_were_read_in() {
        World world = new World(1);
        String shard = world.stream.shardIds().get(0);
        String poison = KEYS.get(1);
        world.function.throwsOn("poison");
        world.stream.put(shard, poison, "poison");
        byte[] data = new byte[100_000];
        for (int number = 0; number < 300; number++) {
            world.stream.put(shard, KEYS.get(number % 2 * 2), data, world.time.millis());
            if (number % 10 == 0) {
                world.stream.put(shard, poison, "behind it " + number);
            }
        }
        world.start(world.mapping().with(FOUR_LANES.withFactor(2).withBatchSize(10)))
                .advance(Duration.ofSeconds(1));
        world.function.throwsOn();
        world.advance(Duration.ofMinutes(2));

        Set<Record> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(world.stream.records(shard));
        List<Record> delivered = world.function.deliveries().stream()
                .flatMap(delivery -> delivery.invocation().records().stream())
                .toList();
        assertThat(delivered)
                .filteredOn(record -> !record.partitionKey().equals(poison))
                .hasSize(300)
                .allMatch(own::contains);
        List<Record> waited = world.function.deliveries().stream()
                .filter(delivery -> !delivery.texts().contains("poison"))
                .flatMap(delivery -> delivery.invocation().records().stream())
                .filter(record -> record.partitionKey().equals(poison))
                .toList();
        assertThat(waited).hasSize(21).extracting(Record::text).first().isEqualTo("behind it 90");
        assertThat(own.contains(waited.get(0))).isFalse();
        assertThat(own.contains(waited.get(20))).isTrue(); // just read: little was read after it
    }

    @Test
    void case_90_no_more_than_shards_times_factor_invocations_run_at_once() {
        World world = new World(2);
        world.function.takes(invocation -> 10);
        for (int number = 0; number < 400; number++) {
            world.stream.put(world.stream.shardIds().get(number % 2), "key " + number / 2, "x");
        }
        world.start(world.mapping().with(FOUR_LANES)).advance(Duration.ofMinutes(1));

        assertThat(world.function.mostRunning()).isEqualTo(2 * 4);
        assertThat(world.function.deliveries().stream()
                        .mapToInt(delivery -> delivery.texts().size())
                        .sum())
                .isEqualTo(400);
    }

    @Test
    void with_fewer_permits_than_lanes_batches_wait_which_costs_no_attempt_and_none_is_forgotten() {
        World world = new World(3).withPermits(2);
        world.function.takes(invocation -> 10);
        for (int number = 0; number < 300; number++) {
            world.stream.put(world.stream.shardIds().get(number % 3), "key " + number / 3, "x");
        }
        world.start(world.mapping().with(FOUR_LANES)).advance(Duration.ofMinutes(1));

        assertThat(world.function.mostRunning()).isEqualTo(2);
        assertThat(world.function.deliveries())
                .allMatch(delivery -> delivery.invocation().attempt().number() == 1);
        assertThat(world.function.deliveries().stream()
                        .mapToInt(delivery -> delivery.texts().size())
                        .sum())
                .isEqualTo(300);
    }
}
