package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.MovedStream;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.World;
import org.junit.jupiter.api.Test;

/** A stream that only one mapping can read, as a registered consumer is. */
class SoleReaderTest {

    private final World world = new World(1);

    private static final class ForOneMapping extends ForwardingSource {

        ForOneMapping(StreamSource source) {
            super(source);
        }

        @Override
        public boolean isForOneMapping() {
            return true;
        }
    }

    @Test
    void a_second_mapping_of_the_application_is_refused() {
        world.with(new ForOneMapping(world.stream)).start(world.mapping());

        assertThatThrownBy(() -> world.mappings().start(world.mapping("audit"), StartOptions.FROM_CHECKPOINTS))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageStartingWith("stream: 'orders' is read by mapping 'orders' as a registered consumer")
                .hasMessageContaining("give this one an entry of its own in shardmill.streams");
        assertThat(world.mappings().names()).containsExactly("orders");
    }

    @Test
    void a_stream_that_was_moved_is_for_one_mapping_if_its_successor_is() {
        FakeStream old = new FakeStream("orders", 1, world.time);
        Predecessor predecessor =
                new Predecessor("embedded stream", old, new StartingPosition.TrimHorizon(), "bring it back");
        world.with(new MovedStream(new ForOneMapping(world.stream), predecessor))
                .start(world.mapping());

        assertThatThrownBy(() -> world.mappings().start(world.mapping("audit"), StartOptions.FROM_CHECKPOINTS))
                .isInstanceOf(InvalidMappingException.class);
    }

    @Test
    void a_second_mapping_at_run_time_is_refused_until_the_first_is_gone() {
        world.with(new ForOneMapping(world.stream)).start();
        world.await(world.mappings().create(world.mapping("first"), true).settled());

        assertThatThrownBy(() -> world.mappings().create(world.mapping("second").withFunction("another"), true))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageStartingWith("stream: 'orders' is read by mapping 'first'");

        world.await(world.mappings().delete("first").settled());
        world.await(world.mappings().create(world.mapping("second"), true).settled());
        assertThat(world.mappings().names()).containsExactly("second");
    }

    @Test
    void other_streams_are_for_any_number_of_mappings() {
        world.start(world.mapping());
        world.mappings().start(world.mapping("audit"), StartOptions.FROM_CHECKPOINTS);

        assertThat(world.mappings().names()).containsExactly("orders", "audit");
    }
}
