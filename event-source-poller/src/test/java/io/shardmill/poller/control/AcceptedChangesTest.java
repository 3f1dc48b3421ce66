package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every change is made on the mapping that was accepted last, and is shown at once, whatever still runs. */
class AcceptedChangesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world = new World(1).start();
    private final String uuid = new UUID(0, 1).toString();

    /** A mapping whose first invocation takes 30 s. */
    @BeforeEach
    void create() {
        world.function.takes(invocation -> 30_000);
        EventSourceMapping mapping = EventSourceMapping.of(uuid, "orders").withFunction("orders");
        world.await(world.mappings().create(mapping, true).settled());
        world.stream.put("1");
        world.advance(SECOND);
        assertThat(world.function.running()).hasSize(1);
    }

    private void update(UnaryOperator<EventSourceMapping> change) {
        MappingChange unused = world.mappings().update(uuid, change, null);
    }

    private void enable(boolean enabled) {
        MappingChange unused = world.mappings().update(uuid, mapping -> mapping, enabled);
    }

    private static UnaryOperator<EventSourceMapping> batchSize(int records) {
        return mapping -> mapping.with(mapping.batching().withBatchSize(records));
    }

    private static UnaryOperator<EventSourceMapping> onFailure(UnaryOperator<FailureHandling> change) {
        return mapping -> mapping.with(change.apply(mapping.failureHandling()));
    }

    private MappingConfiguration get() {
        return world.mappings().get(uuid);
    }

    @Test
    void two_updates_one_right_after_the_other_both_count() {
        update(batchSize(7));
        update(onFailure(handling -> handling.withMaximumRetryAttempts(3)));
        world.advance(Duration.ofMinutes(2));

        assertThat(get().mapping()).satisfies(mapping -> {
            assertThat(mapping.batching().batchSize()).isEqualTo(7);
            assertThat(mapping.failureHandling().maximumRetryAttempts()).isEqualTo(3);
        });
    }

    @Test
    void a_pause_that_the_database_has_lost_is_over_and_fails() {
        Runnable lost = ((InMemoryMappingStore) world.mappingStore()).backup();
        MappingChange pause = world.mappings().update(uuid, mapping -> mapping, false);
        lost.run();
        world.advance(Duration.ofMinutes(2));

        assertThat(pause.settled()).isCompletedExceptionally();
        assertThat(get().state()).isEqualTo(State.ENABLED);
    }

    @Test
    void a_batch_size_and_then_a_pause_both_count() {
        update(batchSize(7));
        enable(false);
        world.advance(Duration.ofMinutes(2));

        assertThat(get()).satisfies(mapping -> {
            assertThat(mapping.mapping().batching().batchSize()).isEqualTo(7);
            assertThat(mapping.state()).isEqualTo(State.DISABLED);
        });
    }

    @Test
    void any_number_of_updates_during_an_invocation_accumulate() {
        update(batchSize(1));
        update(mapping -> mapping.with(new Batching(2, Duration.ZERO, 3)));
        enable(false);
        update(onFailure(handling -> handling.withMaximumRecordAge(Duration.ofMinutes(1))));
        enable(true);
        update(onFailure(FailureHandling::withBisect));
        world.advance(Duration.ofMinutes(2));

        assertThat(get()).satisfies(mapping -> {
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
        update(batchSize(7));

        assertThat(get().mapping().batching().batchSize()).isEqualTo(7);
        assertThat(get().state()).isEqualTo(State.UPDATING);
        assertThat(world.mappings().list()).containsExactly(get());

        enable(false);
        assertThat(get().state()).isEqualTo(State.DISABLING);
        assertThat(world.await(world.mappings().describe(uuid)).configuration()).isEqualTo(get());

        world.advance(Duration.ofMinutes(2));
        assertThat(get().state()).isEqualTo(State.DISABLED);
        enable(true);
        assertThat(get().state()).isEqualTo(State.ENABLING);
        world.advance(SECOND);
        assertThat(get().state()).isEqualTo(State.ENABLED);
    }

    @Test
    void a_deletion_is_shown_at_once() {
        world.mappings().delete(uuid);

        assertThat(get().state()).isEqualTo(State.DELETING);
    }

    @Test
    void what_was_accepted_during_an_invocation_outlives_a_crash() {
        update(batchSize(7));
        enable(false);
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
