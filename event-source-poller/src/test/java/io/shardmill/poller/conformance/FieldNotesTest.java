package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.internal.batch.LaneHash;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.Events;
import io.shardmill.poller.testkit.Takes;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What peers got wrong, by the number of its field note. Notes 4, 6 and 18 to 19 have their tests in
 * DiscardsTest, ReshardingTest and EngineTest.
 */
class FieldNotesTest {

    private static final String FIRST = "shardId-000000000000";
    private static final String SECOND = "shardId-000000000001";
    private static final Duration SECONDS = Duration.ofSeconds(5);

    private final Counts counts = new Counts();
    private final World world = new World(1).with(counts);
    private final World two = new World(2);

    @Test
    void note_01_a_handler_that_throws_gets_the_same_records_again_and_none_is_skipped() {
        world.function.answers(invocation -> invocation.attempt().number() < 3
                ? InvocationOutcome.Failure.threw(new IllegalStateException("thrown"))
                : new InvocationOutcome.Succeeded());
        world.stream.put("1");
        world.stream.put("2");
        world.start(world.mapping().with(Batching.defaults().withBatchSize(1))).advance(SECONDS);

        assertThat(world.function.digits()).containsExactly("1", "1", "1", "2", "2", "2");
    }

    @Test
    void a_fault_in_looking_at_a_shard_is_told_and_does_not_stop_it() {
        Thread unlookable = new Thread() {
            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("thrown by a test");
            }
        };
        world.with((invocation, listener, later) -> {
            listener.passed(unlookable);
            return Completion.later();
        });
        world.stream.put("1");
        world.start(world.mapping()).advance(SECONDS);
        var status = world.await(world.mappings().describe("orders")).shards().get(0);

        assertThat(status.consumer()).isNotNull();
        assertThat(status.consumer().problem()).contains("IllegalStateException");
        assertThat(counts.crashed()).isZero();
    }

    @Test
    void note_02_what_threw_before_the_process_died_is_not_checkpointed() {
        world.function.throwsOn("1");
        world.stream.put("1");
        world.start(world.mapping()).advance(SECONDS);
        assertThat(world.row(FIRST).progress().watermark()).isNull();
        world.crash();
        world.function.throwsOn();
        world.start(world.mapping()).advance(SECONDS);

        assertThat(world.function.digits()).hasSizeGreaterThan(2).containsOnly("1");
        assertThat(world.row(FIRST).progress().watermark())
                .isEqualTo(world.stream.records(FIRST).get(0).sequenceNumber());
    }

    @Test
    void note_03_a_checkpoint_that_loses_its_race_stops_the_shard_here_and_nothing_is_dropped() {
        world.function.takes(invocation -> 1_000);
        for (int number = 1; number <= 3; number++) {
            world.stream.put(String.valueOf(number));
        }
        world.shared()
                .start(world.mapping().with(Batching.defaults().withBatchSize(1)))
                .advance(Duration.ofMillis(500));
        world.members().join(World.NAMESPACE, "another", Duration.ofHours(1).toMillis());
        Takes.take(
                world.store(), new MappingKey(World.NAMESPACE, "orders", "orders", "incarnation-1"), FIRST, "another");
        world.advance(Duration.ofSeconds(59));

        // The batch in flight was delivered, and perhaps the next one, which began before the checkpoint was refused.
        assertThat(world.function.digits()).startsWith("1").doesNotContain("3");
        assertThat(world.row(FIRST).progress().watermark()).isNull();
        assertThat(counts.lost()).isEqualTo(1);
        assertThat(world.await(world.mappings().describe("orders")).shards())
                .first()
                .satisfies(shard -> assertThat(shard.owner()).isEqualTo("another"));
    }

    @Test
    void note_05_a_success_of_another_shard_or_lane_does_not_reset_a_batchs_attempts() {
        two.function.throwsOn("bad").takes(invocation -> 10);
        String other = IntStream.range(0, 100)
                .mapToObj(String::valueOf)
                .filter(key -> LaneHash.laneOf(key, 2) != LaneHash.laneOf("bad", 2))
                .findFirst()
                .orElseThrow();
        two.stream.put(FIRST, "bad", "bad");
        two.start(two.mapping()
                .with(Batching.defaults().withFactor(2))
                .with(FailureHandling.defaults().withMaximumRetryAttempts(5).withDestination("fake")));
        for (int count = 0; count < 100; count++) {
            two.stream.put(FIRST, other, "good");
            two.stream.put(SECOND, "good", "good");
            two.advance(Duration.ofMillis(100));
        }

        assertThat(two.function.digits()).filteredOn("bad"::equals).hasSize(6);
        assertThat(two.destination.batches())
                .singleElement()
                .satisfies(discarded -> assertThat(discarded.invokeCount()).isEqualTo(6));
    }

    @Test
    void note_05_a_restart_does_not_forget_the_attempts_of_a_batch() {
        world.function.throwsOn("1");
        world.stream.put("1");
        var mapping = world.mapping()
                .with(FailureHandling.defaults().withMaximumRetryAttempts(3).withDestination("fake"));
        world.start(mapping).advance(Duration.ofMillis(300));
        assertThat(world.function.deliveries()).hasSize(2);
        world.restart(mapping).advance(Duration.ofMinutes(1));

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .containsExactly(1, 2, 3, 4);
        assertThat(world.destination.batches().get(0).invokeCount()).isEqualTo(4);
    }

    @Test
    void note_07_LATEST_is_pinned_when_the_mapping_is_created_and_not_at_each_start() {
        var mapping = world.mapping().with(new StartingPosition.Latest());
        world.stream.put("before");
        world.start(mapping).stop();
        world.stream.put("meanwhile");
        world.start(mapping);

        assertThat(world.function.digits()).containsExactly("meanwhile");
    }

    @Test
    void note_07_LATEST_is_pinned_before_anything_is_read_even_if_the_process_dies_at_once() {
        var mapping = world.mapping().with(new StartingPosition.Latest());
        world.stream.put("before");
        world.start(mapping);
        world.crash();
        world.stream.put("meanwhile");
        world.start(mapping);

        assertThat(world.function.digits()).containsExactly("meanwhile");
    }

    @Test
    void note_08_a_stream_deleted_and_created_again_is_read_from_its_beginning_even_by_a_LATEST_mapping() {
        var mapping = world.mapping().with(new StartingPosition.Latest());
        world.start(mapping);
        world.stream.put("old");
        world.advance(SECONDS);
        world.stream.delete();
        world.advance(SECONDS);
        world.stream.createAgain(1);
        world.stream.put("new");
        world.advance(SECONDS);

        assertThat(world.function.digits()).containsExactly("old", "new");
    }

    @Test
    void note_08_a_stream_created_again_while_the_mapping_was_down_is_another_stream() {
        world.stream.put("old");
        world.start(world.mapping()).stop();
        world.stream.delete();
        world.stream.createAgain(1);
        world.stream.put("new");
        world.start(world.mapping().with(new StartingPosition.Latest()));

        assertThat(world.function.digits()).containsExactly("old", "new");
    }

    @Test
    void note_09_the_commit_point_is_below_the_lowest_unfinished_record_and_not_the_highest_seen() {
        world.function.takes(invocation -> invocation.records().get(0).text().equals("2") ? 60_000 : 0);
        for (int number = 1; number <= 9; number++) {
            world.stream.put(String.valueOf(number));
        }
        world.start(world.mapping().with(Batching.defaults().withFactor(10).withBatchSize(1)))
                .advance(SECONDS);

        assertThat(world.row(FIRST).progress().watermark())
                .isEqualTo(world.stream.records(FIRST).get(0).sequenceNumber());
        world.crash();
        int delivered = world.function.deliveries().size();
        world.start(world.mapping().with(Batching.defaults().withFactor(1))).advance(SECONDS);
        assertThat(world.function.deliveries().get(delivered).texts()).contains("2");
    }

    @Test
    void note_11_a_stuck_shard_never_delays_another() {
        two.function.timeout(1_000).takes(invocation -> invocation.shard().id().equals(FIRST) ? 3_600_000 : 0);
        two.stream.put(FIRST, "stuck", "stuck");
        two.start(two.mapping());
        for (int number = 0; number < 10; number++) {
            two.stream.put(SECOND, "key", String.valueOf(number));
            two.time.settle();
        }

        assertThat(two.function.digits()).containsExactly("stuck", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void note_12_two_mappings_on_one_stream_do_not_hinder_each_other() {
        world.function.answers(invocation -> invocation.mapping().equals("orders")
                ? InvocationOutcome.Failure.threw(new IllegalStateException("only here"))
                : new InvocationOutcome.Succeeded());
        world.start(world.mapping());
        world.mappings().start(world.mapping("second"), StartOptions.FROM_CHECKPOINTS);
        world.stream.put("1");
        world.advance(SECONDS);
        world.await(world.mappings().pause("orders"));
        world.stream.put("2");
        world.advance(SECONDS);

        assertThat(world.function.deliveries())
                .filteredOn(delivery -> delivery.invocation().mapping().equals("second"))
                .extracting(delivery -> delivery.digits())
                .containsExactly("1", "2");
        assertThat(world.row(FIRST).progress().watermark()).isNull();
    }

    @Test
    void note_16_times_are_seconds_with_milliseconds() {
        Record record = world.stream.put(FIRST, "key", "x".getBytes(StandardCharsets.UTF_8), 1_789_809_023_187L);

        assertThat(Events.json(KinesisFormat.of(world.stream.arn()), List.of(record)))
                .contains("\"approximateArrivalTimestamp\":1789809023.187}");
        assertThat(record.approximateArrivalTimestamp()).hasToString("2026-09-19T09:10:23.187Z");
    }
}
