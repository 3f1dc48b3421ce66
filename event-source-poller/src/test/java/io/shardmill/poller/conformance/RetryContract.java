package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shardmill.function.Result;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.DiscardedBatch.Response;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Retry, bisect, age" of a topic: cases 58 to 72. */
public abstract class RetryContract extends TopicContract {

    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

    @Test
    void case_58_a_throwing_function_gets_the_batch_three_times_with_two_retries_then_it_is_discarded() {
        deliver("1234", RULES.withMaximumRetryAttempts(2), throwingOn("2"));

        assertThat(delivered()).containsExactly("1234", "1234", "1234");
        assertThat(discardedTexts()).containsExactly("1234");
        assertFinished(0, 4);
    }

    @Test
    void case_59_bisect_narrows_down_to_the_bad_record() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect(), throwingOn("2"));

        assertThat(delivered()).containsExactly("1234", "12", "1", "2", "2", "34");
        assertThat(discardedTexts()).containsExactly("2");
        assertThat(discarded().get(0).invokeCount()).isEqualTo(2);
    }

    @Test
    void case_60_report_and_bisect_together() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect().withReportBatchItemFailures(), reporting("2"));

        assertThat(delivered()).containsExactly("1234", "234", "2", "2", "34");
        assertThat(discardedTexts()).containsExactly("2");
    }

    @Test
    void case_61_without_retries_bisect_still_goes_down_to_single_records() {
        deliver("1234", RULES.withMaximumRetryAttempts(0).withBisect(), throwingOn("2"));

        assertThat(delivered()).containsExactly("1234", "12", "1", "2", "34");
        assertThat(discarded()).extracting(DiscardedBatch::invokeCount).containsExactly(1);
    }

    @Test
    void case_62_when_all_are_bad_each_record_has_a_document_of_its_own() {
        deliver("1234", RULES.withMaximumRetryAttempts(0).withBisect(), throwingOn("1234"));

        assertThat(delivered()).containsExactly("1234", "12", "1", "2", "34", "3", "4");
        assertThat(discardedTexts()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void case_63_an_odd_batch_has_the_smaller_half_first() {
        deliver("234", RULES.withMaximumRetryAttempts(0).withBisect(), throwingOn("2"));

        assertThat(delivered()).containsExactly("234", "2", "34");
    }

    /** Four splits in less time than as many pauses would take. */
    @Test
    void case_64_parts_follow_without_delay_and_identical_retries_wait_200_ms_doubling() {
        deliver("0123456789abcdef", RULES.withMaximumRetryAttempts(2).withBisect(), throwingOn("f"));

        assertThat(delivered())
                .startsWith("0123456789abcdef", "01234567", "89abcdef", "89ab", "cdef")
                .endsWith("cd", "ef", "e", "f", "f", "f")
                .hasSize(11);
        assertThat(Duration.between(begun(0), begun(8))).isLessThan(RETRY_PAUSE.multipliedBy(4));
        assertThat(pauseBefore(9)).isGreaterThanOrEqualTo(RETRY_PAUSE);
        assertThat(pauseBefore(10)).isGreaterThanOrEqualTo(RETRY_PAUSE.multipliedBy(2));
    }

    private Instant begun(int delivery) {
        return deliveries().get(delivery).begun();
    }

    private Duration pauseBefore(int delivery) {
        return Duration.between(begun(delivery - 1), begun(delivery));
    }

    @Test
    void case_65_with_endless_retries_nothing_is_given_up_and_later_batches_wait() {
        AtomicInteger left = new AtomicInteger(2);
        put("1234");
        deliver(mapping().with(PAIRS), invocation -> {
            if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
            return Answer.of(Result.success());
        });

        assertThat(delivered()).containsExactly("12", "12", "12", "34");
    }

    @Test
    void case_66_a_throttled_batch_costs_no_attempt_and_is_delivered_when_capacity_returns() {
        AtomicInteger left = new AtomicInteger(2);
        deliver("12", RULES.withMaximumRetryAttempts(0).withBisect(), invocation -> {
            if (left.getAndDecrement() > 0) {
                throw NotInvokedException.throttled("no capacity");
            }
            return Answer.of(Result.success());
        });

        assertThat(delivered()).containsExactly("12", "12", "12");
        assertThat(deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .containsOnly(1);
        assertThat(discarded()).isEmpty();
    }

    /** In two partitions at once, as a second of real time passes until they are too old. */
    @Test
    void case_67_and_70_what_is_throttled_or_fails_until_it_is_too_old_is_given_up_without_a_response() {
        deliver(mapping().with(RULES.withMaximumRecordAge(MINUTE)), invocation -> {
            if (texts(invocation.records()).equals("1")) {
                throw NotInvokedException.throttled("no capacity");
            }
            throw new IllegalStateException("bad record");
        });
        put(0, "1", MINUTE.minusSeconds(2));
        put(1, "2", MINUTE.minusSeconds(2));
        drain();

        int attempts = Collections.frequency(delivered(), "2");
        assertThat(attempts).isGreaterThan(1);
        assertThat(Collections.frequency(delivered(), "1")).isGreaterThan(1);
        assertThat(discarded())
                .extracting(batch -> texts(batch.records()), DiscardedBatch::invokeCount)
                .containsExactlyInAnyOrder(tuple("1", 1), tuple("2", attempts + 1));
        assertThat(discarded()).allSatisfy(batch -> {
            assertThat(batch.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
            assertThat(batch.response()).isNull();
            assertThat(batch.timestamp())
                    .isAfterOrEqualTo(
                            batch.first().approximateArrivalTimestamp().plus(MINUTE));
        });
    }

    @Test
    void case_68_a_timeout_is_a_function_error_that_is_bisected_and_retried() {
        topic().timeout(Duration.ofMillis(400));
        deliver("12", RULES.withMaximumRetryAttempts(1).withBisect(), invocation -> {
            if (texts(invocation.records()).contains("2")) {
                topic().take(Duration.ofSeconds(2));
            }
            return Answer.of(Result.success());
        });

        assertThat(delivered()).containsExactly("12", "1", "2", "2");
        assertThat(discarded()).singleElement().satisfies(batch -> {
            assertThat(batch.first().text()).isEqualTo("2");
            assertThat(batch.response()).isEqualTo(new Response("$LATEST", "Unhandled", "timed out after 400 ms"));
        });
    }

    @Test
    void case_69_a_record_too_old_before_its_first_read_is_never_delivered() {
        put(0, "1", Duration.ofSeconds(80));
        deliver(mapping().with(RULES.withMaximumRecordAge(MINUTE).withMaximumRetryAttempts(0)));

        assertThat(delivered()).isEmpty();
        assertThat(discarded()).singleElement().satisfies(batch -> {
            assertThat(batch.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
            assertThat(batch.invokeCount()).isEqualTo(1);
            assertThat(batch.response()).isNull();
        });
        assertFinished(0, 1);
    }

    @Test
    void case_71_only_the_expired_records_of_a_batch_are_given_up() {
        put(0, "1", Duration.ofSeconds(80));
        put("23456");
        deliver(mapping().with(RULES.withMaximumRecordAge(MINUTE)));

        assertThat(delivered()).containsExactly("23456");
        assertThat(discardedTexts()).containsExactly("1");
    }

    @Test
    void case_72_retries_of_a_batch_share_their_request_id_and_its_parts_and_its_rest_have_their_own() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect().withReportBatchItemFailures(), reporting("2"));

        assertThat(delivered()).containsExactly("1234", "234", "2", "2", "34");
        List<String> ids = deliveries().stream()
                .map(delivery -> delivery.invocation().attempt().requestId())
                .toList();
        assertThat(ids.get(2)).isEqualTo(ids.get(3));
        assertThat(ids.stream().distinct()).hasSize(4);
        assertThat(discarded())
                .singleElement()
                .satisfies(batch -> assertThat(batch.origin().requestId()).isEqualTo(ids.get(2)));
    }
}
