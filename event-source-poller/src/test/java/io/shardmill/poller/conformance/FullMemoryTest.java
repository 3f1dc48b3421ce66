package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.internal.batch.LaneHash;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.MemoryBudget;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory of Shardmill's own that runs out, or is all in use, is never the function's failure. */
class FullMemoryTest {

    private static final FailureHandling NO_RETRIES =
            FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("fake");

    private final Counts counts = new Counts();
    private final World world = new World(2).with(counts);

    private List<ShardStatus> shards() {
        return world.await(world.mappings().describe("orders")).shards().stream()
                .map(ShardProgress::consumer)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<Activity> activities() {
        return shards().stream().map(shard -> shard.lanes().get(0).activity()).toList();
    }

    private void put(int shard, String text) {
        String id = world.stream.shardIds().get(shard);
        world.stream.put(id, text, text.getBytes(StandardCharsets.UTF_8), world.time.millis());
    }

    @Test
    void memory_that_runs_out_before_the_function_has_its_event_costs_no_attempt_and_is_a_problem_until_it_is_back() {
        world.function.answers(invocation -> {
            throw new OutOfMemoryError("planted");
        });
        put(0, "1");
        world.start(world.mapping().with(NO_RETRIES)).advance(Duration.ofMinutes(10));
        assertThat(world.destination.batches()).isEmpty();
        assertThat(shards())
                .anySatisfy(shard ->
                        assertThat(shard.problem()).isEqualTo("lane 0 is not invoked: out of memory (planted)"));

        world.function.answers(invocation -> new InvocationOutcome.Succeeded());
        world.advance(Duration.ofSeconds(5));
        assertThat(shards()).allSatisfy(shard -> assertThat(shard.problem()).isNull());
        assertThat(world.function.deliveries())
                .allSatisfy(delivery ->
                        assertThat(delivery.invocation().attempt().number()).isEqualTo(1));
    }

    @Test
    void events_that_do_not_fit_into_memory_together_are_invoked_one_after_the_other() {
        world.withMemory(new EngineMemory(new MemoryBudget(1 << 20), new MemoryBudget(1)));
        world.function.takes(invocation -> 1_000);
        put(0, "1");
        put(1, "2");
        world.start(world.mapping().with(NO_RETRIES));
        assertThat(activities()).containsExactlyInAnyOrder(Activity.INVOKING, Activity.WAITING_FOR_MEMORY);

        world.advance(Duration.ofSeconds(3));
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 1_000L);
        assertThat(world.function.mostRunning()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_large_event_is_not_overtaken_for_ever_by_small_ones_of_another_lane(int largeLane) {
        long memory = 100_000;
        world.withMemory(new EngineMemory(new MemoryBudget(1 << 20), new MemoryBudget(memory)));
        world.function.takes(invocation -> 1);
        String shard = world.stream.shardIds().get(0);
        for (int count = 0; count < 20; count++) {
            world.stream.put(shard, keyOf(1 - largeLane), "small");
        }
        world.stream.put(shard, keyOf(largeLane), new byte[(int) memory], world.time.millis());
        world.start(world.mapping()
                        .with(Batching.defaults().withBatchSize(1).withFactor(2))
                        .with(NO_RETRIES))
                .advance(Duration.ofSeconds(5));

        assertThat(world.function.deliveries()).hasSize(21);
        assertThat(world.function.deliveries().subList(0, 3))
                .anySatisfy(delivery -> assertThat(delivery.invocation().records())
                        .singleElement()
                        .matches(record -> record.size() == memory));
    }

    private static String keyOf(int lane) {
        return IntStream.range(0, 100)
                .mapToObj(number -> "key " + number)
                .filter(key -> LaneHash.laneOf(key, 2) == lane)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Fails a batch of two records, of which the second is read after large ones of another lane, and crashes. The new life has
     * memory for one read.
     *
     * @param largeMillis how long the batches of the other lane take in the new life
     */
    private void restartWithAFailedBatchAndLittleMemory(long largeMillis) {
        String shard = world.stream.shardIds().get(0);
        byte[] large = new byte[2_400_000];
        world.stream.put(shard, keyOf(0), "1");
        world.stream.put(shard, keyOf(1), large, world.time.millis());
        world.stream.put(shard, keyOf(1), large, world.time.millis());
        world.stream.put(shard, keyOf(1), "x");
        world.stream.put(shard, keyOf(0), "2");
        world.function.takes(invocation -> invocation.lane() == 0 ? 0 : 60_000);
        world.function.answers(invocation -> InvocationOutcome.Failure.threw(new IllegalStateException("not yet")));
        EventSourceMapping mapping =
                world.mapping().with(Batching.defaults().withBatchSize(2).withFactor(2));
        world.start(mapping).advance(Duration.ofMillis(150));
        world.crash();

        world.withMemory(new EngineMemory(new MemoryBudget(5_000_000), new MemoryBudget(1L << 30)));
        world.function.takes(invocation -> invocation.lane() == 0 ? 0 : largeMillis);
        world.function.answers(invocation -> new InvocationOutcome.Succeeded());
        world.start(mapping).advance(Duration.ofSeconds(30));
    }

    /** How the first lane's batch was delivered: its texts and the attempt. */
    private List<String> deliveriesOfTheFirstLane() {
        return world.function.deliveries().stream()
                .filter(delivery -> delivery.invocation().lane() == 0)
                .map(delivery -> delivery.digits() + " attempt "
                        + delivery.invocation().attempt().number())
                .toList();
    }

    @Test
    void a_batch_that_has_failed_before_a_restart_waits_for_memory_and_is_retried_whole() {
        restartWithAFailedBatchAndLittleMemory(3_000);

        assertThat(deliveriesOfTheFirstLane()).containsExactly("12 attempt 1", "12 attempt 2");
        assertThat(counts.cutShort()).isZero();
    }

    @Test
    void a_batch_that_can_not_be_retried_whole_within_ten_seconds_is_retried_in_part_and_said_to_be() {
        restartWithAFailedBatchAndLittleMemory(60_000);

        assertThat(deliveriesOfTheFirstLane()).containsExactly("12 attempt 1", "1 attempt 2");
        assertThat(counts.cutShort()).isEqualTo(1);
    }

    @Test
    void records_that_there_is_no_memory_for_are_not_read_and_grow_old_meanwhile() {
        world.withMemory(new EngineMemory(new MemoryBudget(1), new MemoryBudget(1 << 20)));
        world.function.takes(invocation -> 61_000);
        put(0, "1");
        put(1, "2");
        world.start(world.mapping().with(NO_RETRIES.withMaximumRecordAge(Duration.ofSeconds(60))));
        assertThat(activities()).containsExactlyInAnyOrder(Activity.INVOKING, Activity.WAITING_FOR_MEMORY);

        world.advance(Duration.ofMinutes(3));
        assertThat(world.function.mostRunning()).isEqualTo(1);
        assertThat(world.destination.batches())
                .isNotEmpty()
                .allSatisfy(batch -> assertThat(batch.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED));
    }
}
