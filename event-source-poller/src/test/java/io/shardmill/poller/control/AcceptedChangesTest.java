package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every change is made on the mapping that was accepted last, and is shown at once, whatever still runs. */
class AcceptedChangesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

    private final World world = new World(1).start();
    private final LambdaMappings lambda = new LambdaMappings(world.mappings(), world.time, () -> new UUID(0, 1));
    private final String uuid = new UUID(0, 1).toString();

    /** A mapping whose first invocation takes 30 s. */
    @BeforeEach
    void create() {
        world.function.takes(invocation -> 30_000);
        world.await(lambda.create(
                        Map.of("EventSourceArn", STREAM, "FunctionName", "orders", "StartingPosition", "TRIM_HORIZON"))
                .settled());
        world.stream.put("1");
        world.advance(SECOND);
        assertThat(world.function.running()).hasSize(1);
    }

    private void update(Object... members) {
        lambda.update(uuid, members(members));
    }

    private static Map<String, Object> members(Object... members) {
        return members.length == 2
                ? Map.of((String) members[0], members[1])
                : Map.of((String) members[0], members[1], (String) members[2], members[3]);
    }

    @Test
    void two_updates_one_right_after_the_other_both_count() {
        update("BatchSize", 7);
        update("MaximumRetryAttempts", 3);
        world.advance(Duration.ofMinutes(2));

        assertThat(lambda.get(uuid).mapping()).satisfies(mapping -> {
            assertThat(mapping.batching().batchSize()).isEqualTo(7);
            assertThat(mapping.failureHandling().maximumRetryAttempts()).isEqualTo(3);
        });
    }

    @Test
    void a_batch_size_and_then_a_pause_both_count() {
        update("BatchSize", 7);
        update("Enabled", false);
        world.advance(Duration.ofMinutes(2));

        assertThat(lambda.get(uuid)).satisfies(mapping -> {
            assertThat(mapping.mapping().batching().batchSize()).isEqualTo(7);
            assertThat(mapping.state()).isEqualTo(State.DISABLED);
        });
    }

    @Test
    void any_number_of_updates_during_an_invocation_accumulate() {
        update("BatchSize", 1);
        update("BatchSize", 2, "ParallelizationFactor", 3);
        update("Enabled", false);
        update("MaximumRecordAgeInSeconds", 60);
        update("Enabled", true);
        update("BisectBatchOnFunctionError", true);
        world.advance(Duration.ofMinutes(2));

        assertThat(lambda.get(uuid)).satisfies(mapping -> {
            assertThat(mapping.mapping().batching().batchSize()).isEqualTo(2);
            assertThat(mapping.mapping().batching().parallelizationFactor()).isEqualTo(3);
            assertThat(mapping.mapping().failureHandling().maximumRecordAge()).isEqualTo(Duration.ofMinutes(1));
            assertThat(mapping.mapping().failureHandling().bisectBatchOnFunctionError())
                    .isTrue();
            assertThat(mapping.state()).isEqualTo(State.ENABLED);
        });
        world.stream.put("2");
        world.advance(SECOND);
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void what_was_accepted_is_shown_at_once_and_never_with_the_state_Enabled() {
        update("BatchSize", 7);

        assertThat(lambda.get(uuid).mapping().batching().batchSize()).isEqualTo(7);
        assertThat(lambda.get(uuid).state()).isEqualTo(State.UPDATING);
        assertThat(lambda.list(null, null)).containsExactly(lambda.get(uuid));

        update("Enabled", false);
        assertThat(lambda.get(uuid).state()).isEqualTo(State.DISABLING);
        assertThat(world.await(world.mappings().describe(uuid)).configuration()).isEqualTo(lambda.get(uuid));

        world.advance(Duration.ofMinutes(2));
        assertThat(lambda.get(uuid).state()).isEqualTo(State.DISABLED);
        update("Enabled", true);
        assertThat(lambda.get(uuid).state()).isEqualTo(State.ENABLING);
        world.advance(SECOND);
        assertThat(lambda.get(uuid).state()).isEqualTo(State.ENABLED);
    }

    @Test
    void a_deletion_is_shown_at_once() {
        world.mappings().delete(uuid);

        assertThat(lambda.get(uuid).state()).isEqualTo(State.DELETING);
    }

    @Test
    void what_was_accepted_during_an_invocation_outlives_a_crash() {
        update("BatchSize", 7);
        update("Enabled", false);
        world.crash();
        world.start().advance(SECOND);

        assertThat(world.mappings().get(uuid)).satisfies(mapping -> {
            assertThat(mapping.mapping().batching().batchSize()).isEqualTo(7);
            assertThat(mapping.state()).isEqualTo(State.DISABLED);
        });
    }

    @Test
    void a_deletion_that_was_accepted_during_an_invocation_outlives_a_crash() {
        world.mappings().delete(uuid);
        world.crash();
        world.start().advance(SECOND);

        assertThat(world.mappings().names()).isEmpty();
        assertThat(world.mappingStore().all(World.NAMESPACE)).isEmpty();
        assertThat(world.store().mappings(World.NAMESPACE)).isEmpty();
    }

    @Test
    void a_replay_that_was_accepted_during_an_invocation_outlives_a_crash_and_is_carried_out_once() {
        world.function.takes(invocation -> 1);
        world.advance(Duration.ofMinutes(1));
        world.function.takes(invocation -> 30_000);
        world.stream.put("2");
        world.advance(SECOND);
        world.mappings().replay(uuid, new Replay.FromTrimHorizon());
        world.crash();
        world.function.takes(invocation -> 1);
        world.start().advance(SECOND);
        world.crash();
        world.start().advance(SECOND);

        assertThat(world.function.digits()).containsExactly("1", "2", "12");
    }
}
