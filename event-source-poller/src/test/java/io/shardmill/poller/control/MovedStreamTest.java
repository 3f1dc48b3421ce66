package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.stream.MovedStream;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.CapturedLog;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that has come in place of another one: its records follow those of its predecessor, mapping by mapping. */
class MovedStreamTest {

    private final World world = new World(1);

    /** What was moved. */
    private final FakeStream old = world.stream;

    private final FakeStream successor = new FakeStream("orders", 1, world.time, 70);

    @BeforeEach
    void embeddedFirst() {
        world.with(old);
    }

    private void move() {
        move(new StartingPosition.TrimHorizon());
    }

    private void move(StartingPosition from) {
        old.closeAll();
        world.with(new MovedStream(successor, new Predecessor("embedded stream", old, from, "bring it back")));
    }

    private MappingStatus status() {
        return world.await(world.mappings().describe("orders"));
    }

    @Test
    void the_records_of_the_predecessor_come_before_those_of_the_stream() {
        world.start(world.mapping()).stop();
        old.put("1");
        old.put("2");
        successor.put("3");
        move();
        world.function.takes(invocation -> 1_000);
        world.start(world.mapping()).advance(Duration.ofMinutes(1));
        successor.put("4");
        world.advance(Duration.ofMinutes(1));

        assertThat(world.function.digits()).containsExactly("12", "3", "4");
        assertThat(world.await(world.mappings().drained("orders"))).isNull();
    }

    @Test
    void a_record_that_is_retried_holds_the_stream_up_however_long_it_takes() {
        old.put("1");
        successor.put("2");
        move();
        world.function.throwsOn("1");
        world.start(world.mapping()).advance(Duration.ofHours(3));
        assertThat(world.function.digits()).doesNotContain("2");
        assertThat(status().movingFrom()).isEqualTo("embedded stream");

        world.function.throwsOn();
        world.advance(Duration.ofHours(1));
        assertThat(world.function.digits()).endsWith("1", "2");
        assertThat(status().movingFrom()).isNull();
    }

    @Test
    void each_mapping_goes_on_by_itself() {
        old.put("1");
        successor.put("2");
        move();
        world.function.throwsOn("1");
        world.begin(world.mapping("slow"));
        world.mappings()
                .start(world.mapping("latest").with(new StartingPosition.Latest()), StartOptions.FROM_CHECKPOINTS);
        world.advance(Duration.ofSeconds(1));
        successor.put("3");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.await(world.mappings().describe("latest")).movingFrom())
                .isNull();
        assertThat(world.await(world.mappings().describe("slow")).movingFrom()).isEqualTo("embedded stream");
        assertThat(world.function.digits()).contains("3").doesNotContain("2");
    }

    @Test
    void shards_of_the_same_id_are_told_apart() {
        old.put("1");
        world.start(world.mapping()).stop();
        successor.put("2");
        move();
        world.start(world.mapping()).advance(Duration.ofMinutes(1));
        assertThat(world.function.digits()).containsExactly("1", "2");

        world.restart(world.mapping()).advance(Duration.ofMinutes(1));
        successor.put("3");
        world.advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1", "2", "3");
    }

    @Test
    void it_says_where_the_mapping_goes_on_and_why() {
        old.put("1");
        move(new StartingPosition.AtTimestamp(world.time.instant()));
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control")) {
            world.start(world.mapping()).advance(Duration.ofSeconds(1));

            assertThat(log.lines())
                    .anyMatch(message -> message.contains("reads the embedded stream 'orders' to its end before"))
                    .anyMatch(message -> message.contains("has read the embedded stream 'orders' to its end"))
                    .anyMatch(message -> message.contains("(moved from the embedded stream, from AT_TIMESTAMP "));
        }
    }

    @Test
    void a_new_mapping_reads_what_the_predecessor_keeps_first() {
        old.put("1");
        successor.put("2");
        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void a_new_mapping_from_LATEST_is_not_there_for_the_predecessor_and_begins_at_LATEST() {
        old.put("1");
        successor.put("2");
        move();
        world.start(world.mapping().with(new StartingPosition.Latest()));
        successor.put("3");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("3");
    }

    @Test
    void a_mapping_from_LATEST_that_was_there_gets_all_records_of_the_stream() {
        old.put("1");
        world.start(world.mapping().with(new StartingPosition.Latest())).stop();
        successor.put("2");
        move();
        world.start(world.mapping().with(new StartingPosition.Latest())).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("2");
    }

    @Test
    void a_new_mapping_from_a_time_after_the_predecessor_begins_at_that_time() {
        old.put("1");
        world.advance(Duration.ofSeconds(10));
        successor.put("2");
        world.advance(Duration.ofSeconds(10));
        successor.put("3");
        move();
        world.start(world.mapping()
                        .with(new StartingPosition.AtTimestamp(
                                world.time.instant().minusSeconds(5))))
                .advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("3");
    }

    @Test
    void a_new_mapping_from_a_time_of_the_predecessor_gets_all_that_follows() {
        old.put("1");
        world.advance(Duration.ofSeconds(10));
        old.put("2");
        successor.put("3");
        move();
        world.start(world.mapping().with(new StartingPosition.AtTimestamp(world.time.instant())))
                .advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("2", "3");
    }

    @Test
    void a_mapping_that_began_on_the_stream_does_not_go_back() {
        successor.put("2");
        world.with(successor).start(world.mapping()).stop();
        old.put("1");
        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("2");
    }

    @Test
    void a_mapping_that_left_the_predecessor_too_early_reads_the_rest_of_it() {
        world.start(world.mapping()).stop();
        old.put("1");
        successor.put("2");
        world.with(successor).start(world.mapping()).stop();
        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        successor.put("3");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("2", "1", "3");
    }

    @Test
    void a_predecessor_that_is_missing_before_its_end_is_waited_for() {
        world.start(world.mapping()).stop();
        old.put("1");
        successor.put("2");
        move();
        MovedStream withoutOld = new MovedStream(
                successor,
                new Predecessor(
                        "embedded stream", missing(), new StartingPosition.TrimHorizon(), "bring the folder back"));
        world.with(withoutOld).start(world.mapping()).advance(Duration.ofMinutes(5));
        assertThat(status().problem())
                .isEqualTo("Mapping 'orders' has not read the embedded stream 'orders' to its end, and there is none;"
                        + " bring the folder back");
        assertThat(world.function.digits()).isEmpty();
        world.stop();

        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    private FakeStream missing() {
        FakeStream missing = new FakeStream("orders", 1, world.time);
        missing.delete();
        return missing;
    }

    @Test
    void without_a_predecessor_there_is_nothing_to_move() {
        successor.put("1");
        old.delete();
        move();
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control")) {
            world.start(world.mapping()).advance(Duration.ofSeconds(1));
            assertThat(log.lines())
                    .filteredOn(message -> message.contains("there is no embedded stream of that name"))
                    .hasSize(1);
        }

        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void a_predecessor_may_be_deleted_when_it_was_read() {
        old.put("1");
        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1)).stop();
        successor.put("2");
        old.delete();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(status().problem()).isNull();
    }

    @Test
    void a_predecessor_that_has_forgotten_its_shards_was_read_all_the_same() {
        old.put("1");
        world.start(world.mapping().with(new StartingPosition.Latest())).stop();
        successor.put("2");
        move();
        world.begin(world.mapping().with(new StartingPosition.Latest()));
        old.forget(old.shardIds().get(0));
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("2");
    }

    @Test
    void a_stream_that_cannot_be_reached_does_not_hold_its_predecessor_up() {
        world.start(world.mapping()).stop();
        old.put("1");
        successor.put("2");
        successor.outage("throttled");
        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1");
        assertThat(status().problem()).isEqualTo("throttled");

        successor.outage(null);
        world.advance(Duration.ofSeconds(2));
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void a_kill_at_any_step_loses_nothing_and_keeps_the_order() {
        for (int steps = 0; steps < 60; steps++) {
            World life = new World(2);
            FakeStream next = new FakeStream("orders", 1, life.time, 70);
            life.stream.put(life.stream.shardIds().get(0), "key", "1");
            life.stream.put(life.stream.shardIds().get(1), "other", "2");
            next.put("3");
            life.stream.closeAll();
            life.with(new MovedStream(
                    next,
                    new Predecessor(
                            "embedded stream", life.stream, new StartingPosition.TrimHorizon(), "bring it back")));
            life.begin(life.mapping());
            for (int step = 0; step < steps; step++) {
                boolean unused = life.time.step(life.time.millis() + 200);
            }
            life.crash();
            next.crash();
            life.start(life.mapping()).advance(Duration.ofMinutes(1));

            String delivered = String.join("", life.function.digits());
            assertThat(delivered)
                    .as("killed after %s steps", steps)
                    .matches("[12]+3+")
                    .contains("1", "2");
        }
    }

    @Test
    void a_pause_and_a_resume_work_on_both_sides() {
        old.put("1");
        successor.put("2");
        move();
        world.function.throwsOn("1");
        world.start(world.mapping());
        world.await(world.mappings().pause("orders"));
        assertThat(status().state()).isEqualTo(State.DISABLED);
        world.function.throwsOn();
        world.await(world.mappings().resume("orders"));
        world.advance(Duration.ofMinutes(1));
        assertThat(world.function.digits()).endsWith("1", "2");

        world.await(world.mappings().pause("orders"));
        successor.put("3");
        world.advance(Duration.ofMinutes(1));
        world.await(world.mappings().resume("orders"));
        world.advance(Duration.ofMinutes(1));
        assertThat(world.function.digits()).endsWith("1", "2", "3");
    }

    @Test
    void a_replay_before_the_end_of_the_predecessor_replays_that() {
        old.put("1");
        old.put("2");
        move();
        world.function.throwsOn("2");
        world.start(world.mapping().with(world.mapping().batching().withBatchSize(1)));
        world.function.throwsOn();
        world.await(world.mappings().replay("orders", new Replay.FromTrimHorizon()));
        successor.put("3");
        world.advance(Duration.ofMinutes(1));

        assertThat(world.function.digits()).endsWith("1", "2", "3");
    }

    @Test
    void a_replay_after_the_end_of_the_predecessor_replays_the_stream() {
        old.put("1");
        successor.put("2");
        successor.put("3");
        move();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        world.await(world.mappings().replay("orders", new Replay.FromTrimHorizon()));
        world.advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1", "23", "23");

        world.stop();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1", "23", "23");
    }

    @Test
    void a_sequence_number_is_one_of_the_stream_that_is_read() {
        old.put("0");
        old.put("1");
        Replay fromOld = Replay.parse(old.put("2").sequenceNumber().toString());
        move();
        world.function.throwsOn("2");
        world.start(world.mapping().with(world.mapping().batching().withBatchSize(1)));
        world.function.throwsOn();
        world.await(world.mappings().replay("orders", fromOld));
        world.advance(Duration.ofMinutes(1));
        successor.put("3");
        world.advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).endsWith("2", "3");

        assertThatThrownBy(() -> world.mappings().replay("orders", fromOld))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No shard of the stream holds sequence number");
    }

    @Test
    void a_mapping_that_is_deleted_leaves_no_rows_on_either_stream() {
        old.put("1");
        move();
        world.begin(world.mapping());
        world.mappings().create(world.mapping("second"), true);
        world.advance(Duration.ofSeconds(1));
        world.await(world.mappings().delete("second").settled());

        assertThat(world.store().mappings(World.NAMESPACE))
                .extracting(MappingKey::mapping)
                .containsOnly("orders");
    }
}
