package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Changing a running mapping's settings (spec case 100, field note 17). */
class UpdateTest {

    private static final String SHARD = "shardId-000000000000";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world = new World(1);

    @Test
    void note_17_an_update_takes_effect_and_keeps_the_position_across_a_restart_too() {
        EventSourceMapping other =
                world.mapping().with(Batching.defaults().withBatchSize(1)).withFunction("another");
        world.start(world.mapping());
        world.stream.put("1");
        world.advance(SECOND);
        world.await(world.mappings().update(other));
        world.stream.put("2");
        world.stream.put("3");
        world.advance(SECOND);
        world.restart(other).advance(SECOND);

        assertThat(world.function.digits()).containsExactly("1", "2", "3");
        assertThat(world.await(world.mappings().describe("orders")).mapping()).isEqualTo(other);
    }

    @Test
    void an_update_waits_for_the_invocations_in_flight_and_what_they_finish_is_not_delivered_again() {
        world.function.takes(invocation -> 5_000);
        world.stream.put("1");
        world.start(world.mapping());
        CompletableFuture<Void> updated =
                world.mappings().update(world.mapping().with(Batching.defaults().withFactor(2)));
        world.advance(Duration.ofMillis(4_999));
        assertThat(updated).isNotDone();
        world.await(updated);
        world.advance(Duration.ofMinutes(1));

        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void the_factor_may_change_at_any_time_and_every_record_is_delivered_exactly_once_without_crashes() {
        long seed = new Random().nextLong();
        System.out.println("UpdateTest seed " + seed);
        Random random = new Random(seed);
        world.function.takes(invocation -> random.nextInt(100));
        world.start(world.mapping());
        List<String> put = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            put.add("record " + number);
            world.stream.put(SHARD, "key " + random.nextInt(30), "record " + number);
            if (random.nextInt(10) == 0) {
                world.mappings()
                        .update(world.mapping()
                                .with(Batching.defaults()
                                        .withFactor(1 + random.nextInt(10))
                                        .withBatchSize(1 + random.nextInt(3))));
            }
            world.advance(Duration.ofMillis(random.nextInt(20)));
        }
        world.advance(Duration.ofMinutes(10));

        assertThat(world.function.deliveries())
                .as("seed %d", seed)
                .flatExtracting(delivery -> delivery.texts())
                .containsExactlyInAnyOrderElementsOf(put);
    }

    @Test
    void an_update_keeps_the_attempts_of_a_failed_batch_under_the_same_factor() {
        FailureHandling rules =
                FailureHandling.defaults().withMaximumRetryAttempts(4).withDestination("fake");
        world.function.throwsOn("1");
        world.stream.put("1");
        world.start(world.mapping().with(rules)).advance(Duration.ofMillis(300));
        world.await(world.mappings().update(world.mapping().with(rules.withMaximumRetryAttempts(2))));
        world.advance(Duration.ofMinutes(1));

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .containsExactly(1, 2, 3);
        assertThat(world.destination.batches()).hasSize(1);
    }

    @Test
    void an_update_to_smaller_batches_tries_a_failed_batch_in_smaller_ones() {
        world.function.throwsOn("2");
        world.stream.put("1");
        world.stream.put("2");
        world.stream.put("3");
        world.start(world.mapping()).advance(Duration.ofMillis(300));
        int failed = world.function.deliveries().size();
        assertThat(world.function.digits()).containsOnly("123");
        world.await(
                world.mappings().update(world.mapping().with(Batching.defaults().withBatchSize(1))));
        world.advance(SECOND);

        assertThat(world.function.digits().subList(failed, failed + 2)).containsExactly("1", "2");
        assertThat(world.function
                        .deliveries()
                        .get(failed + 1)
                        .invocation()
                        .attempt()
                        .number())
                .isEqualTo(1);
    }

    @Test
    void an_update_to_larger_batches_keeps_the_parts_of_a_failed_one() {
        world.function.throwsOn("2");
        world.stream.put("1");
        world.stream.put("2");
        world.stream.put("3");
        EventSourceMapping bisecting = world.mapping()
                .with(FailureHandling.defaults().withBisect())
                .with(Batching.defaults().withBatchSize(3));
        world.start(bisecting).advance(Duration.ofMillis(300));
        int failed = world.function.deliveries().size();
        world.await(world.mappings().update(bisecting.with(Batching.defaults().withBatchSize(50))));
        world.advance(SECOND);

        assertThat(world.function.digits().get(failed)).isEqualTo("2");
        assertThat(world.function
                        .deliveries()
                        .get(failed)
                        .invocation()
                        .attempt()
                        .number())
                .isGreaterThan(1);
    }

    @Test
    void a_paused_mapping_is_updated_and_stays_paused() {
        world.start(world.mapping());
        world.await(world.mappings().pause("orders"));
        world.await(
                world.mappings().update(world.mapping().with(Batching.defaults().withBatchSize(1))));
        world.stream.put("1");
        world.advance(SECOND);
        assertThat(world.function.digits()).isEmpty();
        assertThat(world.await(world.mappings().describe("orders")).state()).isEqualTo(State.DISABLED);
    }

    @Test
    void the_stream_of_a_mapping_cannot_be_changed() {
        world.start(world.mapping());

        assertThatThrownBy(() -> world.await(world.mappings().update(EventSourceMapping.of("orders", "clicks"))))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContaining("stream")
                .hasMessageContaining("'clicks'");
        world.stream.put("1");
        world.advance(SECOND);
        assertThat(world.function.digits()).containsExactly("1");
    }
}
