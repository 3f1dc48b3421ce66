package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.CapturedLog;
import io.shardmill.poller.testkit.RealEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each change of a mapping is logged once. */
class MappingChangesLogTest {

    private static final String UUID = "5b3d3d5c-6f0e-4f5e-9d0c-0d7c6c2f8a11";
    private static final String LABEL = "'" + UUID + " (function store)'";
    private static final EventSourceMapping OVER_HTTP =
            EventSourceMapping.of(UUID, "orders").withFunction("store");

    private final RealEngine world = new RealEngine(4);

    @AfterEach
    void close() {
        world.close();
    }

    private void drain() {
        assertThat(world.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();
    }

    private List<String> linesOf(Runnable work) {
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control")) {
            work.run();
            return log.lines();
        }
    }

    @Test
    void a_mapping_that_is_created_updated_paused_resumed_and_deleted_is_named_with_its_function() {
        world.stream("orders", 1).put("1");
        world.function("store", world::remember);
        List<String> lines = linesOf(() -> {
            world.mappings().create(OVER_HTTP, true);
            drain();
            world.mappings()
                    .update(OVER_HTTP.with(Batching.defaults().withBatchSize(5)))
                    .join();
            drain();
            world.mappings().pause(UUID).join();
            world.mappings().resume(UUID).join();
            drain();
            world.mappings().delete(UUID).settled().join();
        });

        assertThat(lines)
                .containsExactly(
                        "INFO Mapping '" + UUID + "' was created from stream 'orders' to function 'store'",
                        "INFO Mapping " + LABEL
                                + " starts orders/shardId-000000000000 at TRIM_HORIZON (starting-position"
                                + " TRIM_HORIZON, first start)",
                        "INFO Mapping " + LABEL + " was paused",
                        "INFO Mapping " + LABEL + " was resumed",
                        "INFO Mapping " + LABEL + " was deleted");
    }

    @Test
    void a_replay_says_where_it_starts() {
        world.stream("orders", 1).put("1");
        world.function("store", world::remember).start(OVER_HTTP);
        drain();
        List<String> lines = linesOf(() -> {
            world.mappings().replay(UUID, Replay.parse("TRIM_HORIZON")).join();
            drain();
        });

        assertThat(lines).anySatisfy(line -> assertThat(line).contains(LABEL + " starts", "replay from"));
    }
}
