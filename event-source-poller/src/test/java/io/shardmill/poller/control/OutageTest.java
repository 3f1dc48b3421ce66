package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Shard;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.ForwardingReader;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A source whose answers take a while can't be read for a while. */
class OutageTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> told = new ArrayList<>();
    private final World world = new World(1);

    /** Each read first returns nothing, and its result when it is called again. */
    private final class Asynchronous extends ForwardingSource {

        Asynchronous(StreamSource source) {
            super(source);
        }

        @Override
        public ShardReader open(String shard, Position from, Runnable wake) {
            return new ForwardingReader(super.open(shard, from, wake)) {

                private boolean isAnswered;

                @Override
                public ReadResult read(int maxRecords, int maxBytes) {
                    isAnswered = !isAnswered;
                    if (isAnswered) {
                        world.time.after(100, wake);
                        return new ReadResult.Nothing(false);
                    }
                    return super.read(maxRecords, maxBytes);
                }
            };
        }
    }

    private ShardStatus status() {
        var status = world.mappings().describe("orders");
        world.time.settle();
        return Objects.requireNonNull(world.await(status).shards().get(0).consumer());
    }

    @Test
    void it_is_told_once_and_shown_until_the_shard_can_be_read_again() {
        world.with(new Asynchronous(world.stream))
                .with(new ShardObserver() {
                    @Override
                    public void unavailable(Shard shard, String reason) {
                        told.add(reason);
                    }
                })
                .start(world.mapping());
        world.advance(SECOND);
        world.stream.outage("throttled");
        world.stream.put("1");
        for (int second = 0; second < 10; second++) {
            world.advance(SECOND);
            assertThat(status().problem()).isEqualTo("throttled");
        }
        assertThat(told).containsExactly("throttled");

        world.stream.outage(null);
        world.advance(SECOND);
        assertThat(status().problem()).isNull();
        assertThat(world.function.digits()).containsExactly("1");
    }
}
