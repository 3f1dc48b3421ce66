package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Delivering again from an earlier place. */
class ReplayTest {

    private static final String FIRST = "shardId-000000000000";
    private static final String SECOND = "shardId-000000000001";

    private final World world = new World(1);

    private void put(String text) {
        world.stream.put(text);
        world.advance(Duration.ofSeconds(10));
    }

    private void replay(Replay replay) {
        world.await(world.mappings().replay("orders", replay));
        world.advance(Duration.ofSeconds(1));
    }

    @Test
    void from_the_trim_horizon_all_the_stream_keeps_comes_again_ancestors_included() {
        world.start(world.mapping());
        put("1");
        List<String> children = world.stream.split(FIRST);
        world.stream.put(children.get(0), "2", "2");
        world.advance(Duration.ofSeconds(1));
        replay(new Replay.FromTrimHorizon());

        assertThat(world.function.digits()).containsExactly("1", "2", "1", "2");
    }

    @Test
    void from_a_time_what_arrived_at_or_after_it_comes_again() {
        world.start(world.mapping());
        put("1");
        Instant from = world.time.instant();
        put("2");
        put("3");
        replay(new Replay.FromTimestamp(from));

        assertThat(world.function.digits()).containsExactly("1", "2", "3", "23");
    }

    @Test
    void from_a_sequence_number_its_shard_and_descendants_come_again_and_other_shards_stay_as_they_are() {
        World two = new World(2);
        two.start(two.mapping());
        two.stream.put(SECOND, "other", "other");
        Record first = two.stream.put(FIRST, "1", "1");
        Record second = two.stream.put(FIRST, "2", "2");
        two.stream.put(two.stream.split(FIRST).get(0), "3", "3");
        two.advance(Duration.ofSeconds(1));
        assertThat(two.function.deliveries()).hasSize(3);
        two.await(two.mappings().replay("orders", new Replay.FromSequenceNumber(second.sequenceNumber())));
        two.advance(Duration.ofSeconds(1));

        assertThat(two.function.digits().subList(3, 5)).containsExactly("2", "3");
        assertThat(two.function.deliveries()).hasSize(5);
        assertThat(first.text()).isEqualTo("1");
    }

    @Test
    void from_a_number_no_shard_holds_it_fails_and_changes_nothing() {
        world.start(world.mapping());
        put("1");
        assertThatThrownBy(() -> world.mappings().replay("orders", new Replay.FromSequenceNumber(SequenceNumber.of(7))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequence number 7");
        put("2");

        assertThat(world.function.digits()).containsExactly("1", "2");
        world.await(world.mappings().pause("orders")); // and further changes are not held up
    }

    @Test
    void a_paused_mapping_replays_when_it_is_resumed() {
        world.start(world.mapping());
        put("1");
        world.await(world.mappings().pause("orders"));
        replay(new Replay.FromTrimHorizon());
        assertThat(world.function.digits()).containsExactly("1");

        world.await(world.mappings().resume("orders"));
        world.advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    @Test
    void a_replay_forgets_attempts_and_waits_for_what_runs() {
        world.function.throwsOn("1").takes(invocation -> 1_000);
        var mapping = world.mapping()
                .with(FailureHandling.defaults().withMaximumRetryAttempts(1).withDestination("fake"));
        world.stream.put("1");
        world.start(mapping).advance(Duration.ofMillis(500));
        replay(new Replay.FromTrimHorizon());
        world.advance(Duration.ofSeconds(10));

        assertThat(world.function.mostRunning()).isEqualTo(1);
        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .containsExactly(1, 1, 2);
    }

    @Test
    void a_replay_waits_for_its_stream_and_a_pause_after_it_does_not() {
        world.start(world.mapping());
        put("1");
        world.stream.delete();
        world.advance(Duration.ofSeconds(1));
        CompletableFuture<Void> replayed = world.mappings().replay("orders", new Replay.FromTrimHorizon());
        world.await(world.mappings().pause("orders"));
        world.advance(Duration.ofMinutes(1));
        assertThat(replayed).isNotDone();
        assertThat(world.mappings().get("orders").state()).isEqualTo(MappingStatus.State.UPDATING);

        world.stream.createAgain(1);
        world.await(replayed);
        world.advance(Duration.ofSeconds(1));
        assertThat(world.mappings().get("orders").state()).isEqualTo(MappingStatus.State.DISABLED);
    }

    @Test
    void a_replay_whose_position_the_stream_loses_before_it_begins_fails_and_the_mapping_continues() {
        world.function.takes(invocation -> 30_000);
        world.start(world.mapping());
        Record first = world.stream.put("1");
        world.advance(Duration.ofSeconds(1));
        CompletableFuture<Void> replayed =
                world.mappings().replay("orders", new Replay.FromSequenceNumber(first.sequenceNumber()));
        world.stream.split(FIRST);
        world.stream.forget(FIRST);
        assertThatThrownBy(() -> world.await(replayed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No shard of the stream holds");
        world.function.takes(invocation -> 1);
        world.stream.put(world.stream.shardIds().get(0), "2", "2");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(world.mappings().get("orders").state()).isEqualTo(MappingStatus.State.ENABLED);
    }

    @Test
    void a_replay_of_the_whole_stream_takes_the_place_of_one_that_has_not_begun_and_one_of_a_shard_is_refused() {
        world.function.takes(invocation -> 30_000);
        world.start(world.mapping());
        Record first = world.stream.put("1");
        world.advance(Duration.ofSeconds(1));
        CompletableFuture<Void> wrong = world.mappings().replay("orders", new Replay.FromTrimHorizon());
        Replay fromFirst = new Replay.FromSequenceNumber(first.sequenceNumber());
        assertThatThrownBy(() -> world.mappings().replay("orders", fromFirst))
                .isInstanceOf(MappingInUseException.class);
        Instant now = world.time.instant();
        CompletableFuture<Void> right = world.mappings().replay("orders", new Replay.FromTimestamp(now));
        world.await(right);
        world.advance(Duration.ofMinutes(1));

        assertThat(wrong).isCompleted();
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void a_mapping_started_with_a_replay_delivers_again_once() {
        world.stream.put("1");
        world.start(world.mapping()).stop();
        world.begin(world.mapping(), StartOptions.replaying(new Replay.FromTrimHorizon()));
        world.advance(Duration.ofMinutes(5));

        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    /** Else all that arrives until then would be skipped without a word. */
    @Test
    void a_replay_from_the_future_is_refused_and_changes_nothing() {
        world.stream.put("1");
        world.start(world.mapping());
        Replay tomorrow = new Replay.FromTimestamp(world.time.instant().plus(Duration.ofDays(1)));
        assertThatThrownBy(() -> replay(tomorrow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would be skipped");
        world.stream.put("2");
        world.advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1", "2");

        world.stop();
        assertThatThrownBy(() -> world.begin(world.mapping(), StartOptions.replaying(tomorrow)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would be skipped");
    }

    /** A number given for all mappings belongs to the stream of one of them. */
    @Test
    void a_mapping_started_with_a_replay_from_a_number_its_stream_does_not_hold_goes_on_from_its_checkpoints() {
        world.stream.put("1");
        world.start(world.mapping()).stop();
        world.stream.put("2");
        world.begin(world.mapping(), StartOptions.replaying(new Replay.FromSequenceNumber(SequenceNumber.of(4711))));
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void places_are_written_as_people_write_them() {
        assertThat(Replay.parse("trim-horizon")).isEqualTo(new Replay.FromTrimHorizon());
        assertThat(Replay.parse("2026-11-23T10:15:30Z"))
                .isEqualTo(new Replay.FromTimestamp(Instant.parse("2026-11-23T10:15:30Z")));
        assertThat(Replay.parse("42")).isEqualTo(new Replay.FromSequenceNumber(SequenceNumber.of(42)));
        assertThatThrownBy(() -> Replay.parse("yesterday"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'yesterday'")
                .hasMessageContaining("TRIM_HORIZON");
    }
}
