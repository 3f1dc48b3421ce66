package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Pausing and resuming a mapping (spec cases 20 and 21). */
class PauseTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world = new World(1);

    private State state() {
        return world.await(world.mappings().describe("orders")).state();
    }

    @Test
    void a_paused_mapping_delivers_nothing_and_goes_on_from_where_it_was() {
        world.start(world.mapping());
        world.stream.put("1");
        world.advance(SECOND);
        world.await(world.mappings().pause("orders"));
        world.stream.put("2");
        world.advance(Duration.ofMinutes(5));
        assertThat(world.function.digits()).containsExactly("1");
        assertThat(state()).isEqualTo(State.DISABLED);

        world.await(world.mappings().resume("orders"));
        world.advance(SECOND);
        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(state()).isEqualTo(State.ENABLED);
    }

    @Test
    void a_pause_is_done_when_no_invocation_runs_any_more_and_what_it_acknowledged_is_saved() {
        world.function.takes(invocation -> 10_000);
        world.stream.put("1");
        world.start(world.mapping());
        CompletableFuture<Void> paused = world.mappings().pause("orders");
        world.advance(Duration.ofMillis(9_999));
        assertThat(paused).isNotDone();

        world.await(paused);
        assertThat(world.function.running()).isEmpty();
        world.await(world.mappings().resume("orders"));
        world.advance(Duration.ofMinutes(1));
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void a_pause_survives_a_restart() {
        world.start(world.mapping());
        world.await(world.mappings().pause("orders"));
        world.stream.put("1");
        world.restart(world.mapping()).advance(Duration.ofMinutes(5));
        assertThat(world.function.digits()).isEmpty();
        assertThat(state()).isEqualTo(State.DISABLED);

        world.await(world.mappings().resume("orders"));
        world.restart(world.mapping()).advance(SECOND);
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void a_mapping_paused_while_its_stream_is_missing_starts_when_both_are_over() {
        world.stream.delete();
        world.start(world.mapping());
        world.await(world.mappings().pause("orders"));
        world.stream.createAgain(1);
        world.stream.put("1");
        world.advance(Duration.ofMinutes(1));
        assertThat(world.function.digits()).isEmpty();

        world.await(world.mappings().resume("orders"));
        world.advance(SECOND);
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void pausing_twice_and_resuming_twice_is_harmless() {
        world.stream.put("1");
        world.start(world.mapping());
        world.await(world.mappings().resume("orders"));
        CompletableFuture<Void> first = world.mappings().pause("orders");
        CompletableFuture<Void> second = world.mappings().pause("orders");
        world.await(first);
        world.await(second);
        CompletableFuture<Void> resumed = world.mappings().resume("orders");
        world.await(world.mappings().resume("orders"));
        world.stream.put("2");
        world.advance(SECOND);

        assertThat(resumed).isCompleted();
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void a_mapping_that_is_paused_when_it_first_starts_delivers_nothing_until_it_is_resumed() {
        world.storePaused(true);
        world.stream.put("before");
        world.start(world.mapping()).advance(SECOND);
        assertThat(world.function.digits()).isEmpty();

        world.await(world.mappings().resume("orders"));
        world.advance(SECOND);
        assertThat(world.function.digits()).containsExactly("before");
    }

    @Test
    void a_permit_that_comes_when_a_shard_has_been_paused_goes_back() {
        World two = new World(2).withPermits(1);
        two.function.takes(invocation -> 10_000);
        two.stream.shardIds().forEach(shard -> two.stream.put(shard, "key", "x"));
        two.start(two.mapping());
        assertThat(two.function.running()).hasSize(1);
        two.await(two.mappings().pause("orders"));
        two.await(two.mappings().resume("orders"));
        two.advance(Duration.ofMinutes(1));

        assertThat(two.function.deliveries()).hasSize(2);
    }
}
