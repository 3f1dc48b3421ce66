package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Retry, bisect, age": cases 66, 67 and 69 to 71, and the age rules of chapters 3 and 6. */
class ThrottleAndAgeTest {

    private static final FailureHandling RULES = FailureHandling.defaults().withDestination("fake");
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final World world = new World(1);

    private void put(String text, Duration age) {
        world.stream.put(
                world.stream.shardIds().get(0),
                text,
                text.getBytes(StandardCharsets.UTF_8),
                world.time.millis() - age.toMillis());
    }

    private void throttleAlways() {
        world.function.answers(invocation -> InvocationOutcome.Failure.notInvoked("throttled"));
    }

    @Test
    void case_66_a_throttled_batch_costs_no_attempt_and_is_delivered_when_capacity_returns() {
        throttleAlways();
        world.stream.put("1");
        world.stream.put("2");
        world.start(world.mapping().with(RULES.withMaximumRetryAttempts(0).withBisect()))
                .advance(Duration.ofMinutes(10));
        assertThat(world.function.digits()).hasSizeGreaterThan(100).containsOnly("12");
        assertThat(world.destination.batches()).isEmpty();

        world.function.answers(invocation -> new InvocationOutcome.Succeeded());
        int throttled = world.function.deliveries().size();
        world.advance(Duration.ofSeconds(5));
        assertThat(world.function.deliveries()).hasSize(throttled + 1);
        assertThat(world.function
                        .deliveries()
                        .get(throttled)
                        .invocation()
                        .attempt()
                        .number())
                .isEqualTo(1);
    }

    @Test
    void case_66_a_throttled_batch_is_offered_again_after_200_ms_doubling_to_5_s() {
        throttleAlways();
        world.stream.put("1");
        world.start(world.mapping()).advance(Duration.ofSeconds(17));

        assertThat(world.function.startedAfterMillis())
                .containsExactly(0L, 200L, 600L, 1_400L, 3_000L, 6_200L, 11_200L, 16_200L);
    }

    @Test
    void case_67_a_batch_throttled_longer_than_the_age_limit_is_given_up_without_a_response() {
        throttleAlways();
        world.stream.put("1");
        world.start(world.mapping().with(RULES.withMaximumRecordAge(MINUTE))).advance(Duration.ofMillis(59_999));
        assertThat(world.destination.batches()).isEmpty();

        world.advance(Duration.ofMillis(1));
        assertThat(world.destination.batches()).singleElement().satisfies(this::isTooOldAtTheFirstAttempt);
    }

    private void isTooOldAtTheFirstAttempt(DiscardedBatch discarded) {
        assertThat(discarded.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
        assertThat(discarded.invokeCount()).isEqualTo(1);
        assertThat(discarded.response()).isNull();
    }

    @Test
    void case_69_a_record_too_old_before_its_first_read_is_never_delivered() {
        put("1", Duration.ofSeconds(80));
        world.start(world.mapping().with(RULES.withMaximumRecordAge(MINUTE).withMaximumRetryAttempts(0)));

        assertThat(world.function.digits()).isEmpty();
        assertThat(world.destination.batches()).singleElement().satisfies(this::isTooOldAtTheFirstAttempt);
    }

    @Test
    void case_70_endless_retries_end_at_the_age_limit_to_the_millisecond() {
        world.function.throwsOn("1");
        world.stream.put("1");
        world.start(world.mapping().with(RULES.withMaximumRecordAge(MINUTE))).advance(Duration.ofMinutes(5));

        // Attempts at 0, 200, 600, … 51,000 ms; then it expires.
        assertThat(world.function.deliveries()).hasSize(9);
        DiscardedBatch discarded = world.destination.batches().get(0);
        assertThat(discarded.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
        assertThat(discarded.invokeCount()).isEqualTo(10);
        assertThat(discarded.response()).isNull();
        assertThat(discarded.timestamp())
                .isEqualTo(discarded.first().approximateArrivalTimestamp().plus(MINUTE));
    }

    @Test
    void case_71_only_the_expired_records_of_a_batch_are_given_up() {
        put("1", Duration.ofSeconds(80));
        for (int number = 2; number <= 6; number++) {
            put(String.valueOf(number), Duration.ZERO);
        }
        world.start(world.mapping().with(RULES.withMaximumRecordAge(MINUTE)));

        assertThat(world.destination.digits()).containsExactly("1");
        assertThat(world.function.digits()).containsExactly("23456");
    }

    @Test
    void an_underfilled_batch_does_not_wait_for_its_window_past_the_age_limit_of_its_oldest_record() {
        world.start(world.mapping()
                .with(RULES.withMaximumRecordAge(MINUTE))
                .with(Batching.defaults().withWindow(Duration.ofMinutes(5))));
        world.stream.put("1");
        world.advance(MINUTE);

        assertThat(world.destination.digits()).containsExactly("1");
    }

    @Test
    void what_follows_dropped_batches_is_delivered_at_once_and_not_when_a_checkpoint_is_saved() {
        for (int number = 0; number < 5; number++) {
            put("too old", Duration.ofSeconds(80));
        }
        put("1", Duration.ZERO);
        world.start(world.mapping()
                .with(FailureHandling.defaults().withMaximumRecordAge(MINUTE))
                .with(Batching.defaults().withBatchSize(1)));

        assertThat(world.function.digits()).containsExactly("1");
    }
}
