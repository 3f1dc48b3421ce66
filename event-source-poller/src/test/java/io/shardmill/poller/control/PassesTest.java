package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.testkit.ForwardingMappingStore;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When a mapping is reconciled: each pass reads its stored state once. */
class PassesTest {

    private int passes;

    private World world(int shards) {
        InMemoryCheckpointStore rows = new InMemoryCheckpointStore();
        return new World(shards).with(rows).with(new ForwardingMappingStore(new InMemoryMappingStore(rows)) {
            @Override
            public Optional<StoredMapping> find(String namespace, String name) {
                passes++;
                return super.find(namespace, name);
            }
        });
    }

    @Test
    void a_mapping_to_which_nothing_happens_is_reconciled_once_a_minute() {
        World world = world(1);
        world.start(world.mapping());
        passes = 0;
        world.advance(Duration.ofMinutes(10));

        assertThat(passes).isEqualTo(10);
    }

    @Test
    void waiting_for_a_drain_only_observes() {
        World world = world(1);
        world.function.throwsOn("1");
        world.stream.put("1");
        world.start(world.mapping());
        passes = 0;
        CompletableFuture<Void> drained = world.mappings().drained("orders");
        world.advance(Duration.ofMinutes(10));

        assertThat(drained).isNotDone();
        assertThat(passes).isEqualTo(10);
    }

    @Test
    void describing_a_mapping_reads_nothing() {
        World world = world(1);
        world.start(world.mapping());
        passes = 0;
        world.await(world.mappings().describe("orders"));
        world.mappings().get("orders");
        world.mappings().list();

        assertThat(passes).isZero();
    }

    @Test
    void a_hundred_shards_that_stop_together_are_no_hundred_passes() {
        World world = world(100);
        world.start(world.mapping());
        passes = 0;
        world.await(world.mappings().pause("orders"));

        assertThat(passes).isLessThan(10);
    }

    @Test
    void a_stream_that_can_not_be_reached_is_tried_every_second() {
        World world = world(1);
        world.start(world.mapping());
        world.stream.delete();
        world.advance(Duration.ofSeconds(1));
        passes = 0;
        world.advance(Duration.ofSeconds(10));

        assertThat(passes).isEqualTo(10);
    }
}
