package io.shardmill.poller.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state machine of one batch (spec 6.2), step by step. */
class BatchDeliveryTest {

    private static final InvocationOutcome FAILED =
            InvocationOutcome.Failure.threw(new IllegalStateException("bad record"));
    private static final InvocationOutcome SUCCEEDED = new InvocationOutcome.Succeeded();
    private static final FailureHandling ENDLESS = FailureHandling.defaults();

    private int ids;

    private Step next(BatchDelivery delivery, long now) {
        return delivery.next(now, () -> "id-" + ++ids);
    }

    private static List<String> texts(List<Record> records) {
        return records.stream().map(Record::text).toList();
    }

    private void invokes(BatchDelivery delivery, long now, int attempt, String... texts) {
        assertThat(next(delivery, now)).isInstanceOfSatisfying(Step.Invoke.class, invoke -> {
            assertThat(texts(invoke.records())).containsExactly(texts);
            assertThat(invoke.attempt().number()).isEqualTo(attempt);
        });
    }

    private static List<SequenceNumber> numbers(long... numbers) {
        return Arrays.stream(numbers).mapToObj(SequenceNumber::of).toList();
    }

    @Test
    void asks_for_the_same_until_it_is_told_of_a_change() {
        BatchDelivery delivery = new BatchDelivery(ENDLESS, Batches.records(2));

        assertThat(next(delivery, 0)).isEqualTo(next(delivery, 0));
        assertThat(ids).isEqualTo(1);
        assertThat(delivery.completed(SUCCEEDED, 0)).isEqualTo(2);
        assertThat(delivery.isDone()).isTrue();
    }

    @Test
    void what_was_rolled_back_with_a_failed_record_is_invoked_by_itself_and_uses_up_no_attempt() {
        BatchDelivery delivery = new BatchDelivery(ENDLESS.withTransactions(), Batches.records(4));
        next(delivery, 0);

        assertThat(delivery.completed(new InvocationOutcome.PartlyFailed(3), 0)).isZero();
        assertThat(((Step.Invoke) next(delivery, 0)).records()).hasSize(3);
        assertThat(delivery.completed(new InvocationOutcome.PartlyFailed(1), 0)).isZero();
        assertThat(((Step.Invoke) next(delivery, 0)).records()).hasSize(1);
        assertThat(delivery.completed(SUCCEEDED, 0)).isEqualTo(1);
        assertThat(((Step.Invoke) next(delivery, 0)).records()).hasSize(2);
        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void waits_between_identical_attempts_but_never_past_the_age_limit_of_the_oldest_record() {
        FailureHandling rules = ENDLESS.withMaximumRecordAge(Duration.ofSeconds(60));
        BatchDelivery delivery = new BatchDelivery(rules, List.of(Batches.record(1, "key", 0)));
        next(delivery, 59_900);
        delivery.completed(FAILED, 59_900);

        assertThat(next(delivery, 59_900)).isEqualTo(new Step.Wait(60_000));
        assertThat(next(delivery, 60_000)).isInstanceOfSatisfying(Step.Discard.class, discard -> {
            assertThat(discard.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
            assertThat(discard.invokeCount()).isEqualTo(2);
            assertThat(discard.last()).isNull();
        });
    }

    @Test
    void a_batch_fails_since_its_first_failed_attempt_and_the_next_one_since_its_own() {
        BatchDelivery delivery = new BatchDelivery(ENDLESS, Batches.records(2));
        assertThat(delivery.failingSince(5)).isEqualTo(5);
        for (long now = 1_000; now < 4_000; now += 1_000) {
            next(delivery, now);
            delivery.completed(FAILED, now);
        }
        assertThat(delivery.failingSince(4_000)).isEqualTo(1_000);

        delivery.completed(new InvocationOutcome.PartlyFailed(1), 5_000);
        assertThat(delivery.failingSince(6_000)).isEqualTo(6_000);
    }

    @Test
    void a_clock_that_is_set_back_prolongs_no_wait_by_more_than_the_wait() {
        BatchDelivery delivery = new BatchDelivery(ENDLESS, Batches.records(2));
        next(delivery, 100_000);
        delivery.completed(FAILED, 100_000);
        long delay = ((Step.Wait) next(delivery, 100_000)).untilMillis() - 100_000;

        assertThat(next(delivery, 40_000)).isEqualTo(new Step.Wait(40_000 + delay));
        invokes(delivery, 40_000 + delay, 2, "1", "2");
    }

    @Test
    void only_the_leading_expired_records_are_given_up_and_the_rest_is_a_fresh_batch() {
        FailureHandling rules = ENDLESS.withMaximumRecordAge(Duration.ofSeconds(60));
        BatchDelivery delivery = new BatchDelivery(
                rules, List.of(Batches.record(1, "k", 0), Batches.record(2, "k", 5_000), Batches.record(3, "k", 0)));
        next(delivery, 59_900);
        delivery.completed(FAILED, 59_900);
        assertThat(next(delivery, 60_000))
                .isInstanceOfSatisfying(
                        Step.Discard.class,
                        discard -> assertThat(texts(discard.records())).containsExactly("1"));
        assertThat(delivery.discarded()).isEqualTo(1);

        invokes(delivery, 60_000, 1, "2", "3");
    }

    @Test
    void a_refusal_counts_nothing_and_splits_nothing() {
        BatchDelivery delivery =
                new BatchDelivery(ENDLESS.withMaximumRetryAttempts(0).withBisect(), Batches.records(2));
        next(delivery, 0);
        delivery.completed(InvocationOutcome.Failure.notInvoked("throttled"), 0);
        assertThat(next(delivery, 0)).isEqualTo(new Step.Wait(200));
        assertThat(delivery.hasFailed()).isFalse();
        invokes(delivery, 200, 1, "1", "2");
        delivery.completed(InvocationOutcome.Failure.notInvoked("throttled"), 200);
        assertThat(next(delivery, 200)).isEqualTo(new Step.Wait(600));

        invokes(delivery, 600, 1, "1", "2");
        assertThat(ids).isEqualTo(1);
    }

    @Test
    void what_was_given_up_is_finished_only_when_that_is_said() {
        BatchDelivery delivery = new BatchDelivery(ENDLESS.withMaximumRetryAttempts(0), Batches.records(2));
        next(delivery, 0);

        assertThat(delivery.completed(FAILED, 0)).isZero();
        assertThat(next(delivery, 1_000_000)).isInstanceOf(Step.Discard.class);
        assertThat(delivery.isDone()).isFalse();
        assertThat(delivery.discarded()).isEqualTo(2);
        assertThat(delivery.isDone()).isTrue();
        assertThatThrownBy(delivery::discarded).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void remembers_the_ends_of_its_parts() {
        BatchDelivery delivery = new BatchDelivery(ENDLESS.withBisect(), Batches.records(5));
        assertThat(delivery.hasFailed()).isFalse();
        next(delivery, 0);
        delivery.completed(FAILED, 0);
        assertThat(delivery.hasFailed()).isTrue();
        assertThat(delivery.ends()).isEqualTo(numbers(2, 5));
        next(delivery, 0);
        delivery.completed(FAILED, 0);

        assertThat(delivery.ends()).isEqualTo(numbers(1, 2, 5));
    }

    @Test
    void is_resumed_with_its_parts_and_the_attempts_of_the_first() {
        BatchDelivery delivery = BatchDelivery.resumed(ENDLESS, Batches.records(5), 3, numbers(2, 5));

        invokes(delivery, 0, 4, "1", "2");
        delivery.completed(SUCCEEDED, 0);
        invokes(delivery, 0, 1, "3", "4", "5");
    }

    @Test
    void is_resumed_without_parts_that_are_finished() {
        BatchDelivery delivery =
                BatchDelivery.resumed(ENDLESS, Batches.records(5).subList(2, 5), 3, numbers(2, 4, 5));

        invokes(delivery, 0, 1, "3", "4");
        delivery.completed(SUCCEEDED, 0);
        invokes(delivery, 0, 1, "5");
    }

    @Test
    void is_resumed_with_one_more_attempt_if_it_was_about_to_be_given_up_or_may_retry_less_often_now() {
        FailureHandling rules = ENDLESS.withMaximumRetryAttempts(2);
        BatchDelivery delivery = BatchDelivery.resumed(rules, Batches.records(1), 7, numbers(1));

        invokes(delivery, 0, 3, "1");
        delivery.completed(FAILED, 0);
        assertThat(next(delivery, 0))
                .isInstanceOfSatisfying(
                        Step.Discard.class,
                        discard -> assertThat(discard.invokeCount()).isEqualTo(3));
    }

    @Test
    void is_resumed_under_endless_retries_with_all_its_attempts() {
        BatchDelivery delivery = BatchDelivery.resumed(ENDLESS, Batches.records(1), 184, numbers(1));

        invokes(delivery, 0, 185, "1");
    }
}
