package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Streams that are not there, or can't be reached (field note 20). */
class MissingStreamTest {

    private final World world = new World(1);

    private MappingStatus status() {
        return world.await(world.mappings().describe("orders"));
    }

    @Test
    void note_20_a_missing_stream_is_said_and_waited_for() {
        world.stream.delete();
        world.start(world.mapping()).advance(Duration.ofMinutes(1));
        assertThat(status().state()).isEqualTo(State.CREATING);
        assertThat(status().problem()).contains("no stream 'orders'");

        world.stream.createAgain(1);
        world.stream.put("1");
        world.advance(Duration.ofSeconds(1));
        assertThat(world.function.digits()).containsExactly("1");
        assertThat(status().state()).isEqualTo(State.ENABLED);
        assertThat(status().problem()).isNull();
    }

    @Test
    void a_stream_that_cannot_be_asked_at_start_is_tried_again() {
        world.stream.outage("throttled");
        world.stream.put("1");
        world.start(world.mapping()).advance(Duration.ofMinutes(1));
        world.stream.outage(null);
        world.advance(Duration.ofSeconds(2));

        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void a_mapping_that_waits_for_its_stream_can_be_stopped() {
        world.stream.delete();
        world.start(world.mapping()).stop();

        assertThat(world.function.digits()).isEmpty();
    }

    @Test
    void reads_that_fail_for_a_while_lose_nothing_and_cost_no_attempts() {
        world.start(world.mapping());
        world.stream.outage("throttled");
        world.stream.put("1");
        world.advance(Duration.ofMinutes(1));
        assertThat(status().shards().get(0).consumer().problem()).isEqualTo("throttled");
        world.stream.outage(null);
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1");
        assertThat(status().shards().get(0).consumer().problem()).isNull();
    }
}
