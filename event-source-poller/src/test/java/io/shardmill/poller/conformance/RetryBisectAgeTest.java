package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Retry, bisect, age": cases 58 to 65, 68 and 72. */
class RetryBisectAgeTest {

    private static final FailureHandling RULES = FailureHandling.defaults().withDestination("fake");

    private final World world = new World(1);

    private void deliver(String digits, FailureHandling rules) {
        digits.chars().forEach(digit -> world.stream.put(Character.toString(digit)));
        EventSourceMapping mapping = world.mapping().with(rules);
        world.start(mapping).advance(Duration.ofSeconds(10));
    }

    @Test
    void case_58_a_throwing_function_gets_the_batch_three_times_with_two_retries_then_it_is_discarded() {
        world.function.throwsOn("2");
        deliver("1234", RULES.withMaximumRetryAttempts(2));

        assertThat(world.function.digits()).containsExactly("1234", "1234", "1234");
        assertThat(world.destination.digits()).containsExactly("1234");
    }

    @Test
    void case_59_bisect_narrows_down_to_the_bad_record() {
        world.function.throwsOn("2");
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect());

        assertThat(world.function.digits()).containsExactly("1234", "12", "1", "2", "2", "34");
        assertThat(world.destination.digits()).containsExactly("2");
        assertThat(world.destination.batches().get(0).invokeCount()).isEqualTo(2);
    }

    @Test
    void case_60_report_and_bisect_together() {
        world.function.reports("2");
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect());

        assertThat(world.function.digits()).containsExactly("1234", "234", "2", "2", "34");
        assertThat(world.destination.digits()).containsExactly("2");
    }

    @Test
    void case_61_without_retries_bisect_still_goes_down_to_single_records() {
        world.function.throwsOn("2");
        deliver("1234", RULES.withMaximumRetryAttempts(0).withBisect());

        assertThat(world.function.digits()).containsExactly("1234", "12", "1", "2", "34");
        assertThat(world.destination.batches())
                .singleElement()
                .extracting(DiscardedBatch::invokeCount)
                .isEqualTo(1);
    }

    @Test
    void case_62_when_all_are_bad_each_record_has_a_document_of_its_own() {
        world.function.throwsOn("1", "2", "3", "4");
        deliver("1234", RULES.withMaximumRetryAttempts(0).withBisect());

        assertThat(world.function.digits()).containsExactly("1234", "12", "1", "2", "34", "3", "4");
        assertThat(world.destination.digits()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void case_63_an_odd_batch_has_the_smaller_half_first() {
        world.function.throwsOn("2");
        deliver("234", RULES.withMaximumRetryAttempts(0).withBisect());

        assertThat(world.function.digits()).containsExactly("234", "2", "34");
    }

    @Test
    void case_64_parts_follow_without_delay_and_identical_retries_wait_200_ms_doubling() {
        world.function.throwsOn("2");
        deliver("1234", RULES.withMaximumRetryAttempts(3).withBisect());

        assertThat(world.function.digits()).containsExactly("1234", "12", "1", "2", "2", "2", "2", "34");
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 0L, 0L, 0L, 200L, 600L, 1_400L, 1_400L);
    }

    @Test
    void case_65_with_endless_retries_nothing_is_given_up_and_later_batches_wait() {
        world.function.answers(invocation -> invocation.attempt().number() <= 5
                        && invocation.records().get(0).text().equals("1")
                ? InvocationOutcome.Failure.threw(new IllegalStateException("not yet"))
                : new InvocationOutcome.Succeeded());
        for (String digit : List.of("1", "2", "3", "4")) {
            world.stream.put(digit);
        }
        world.start(world.mapping().with(RULES).with(Batching.defaults().withBatchSize(2)))
                .advance(Duration.ofMinutes(1));

        assertThat(world.function.digits()).containsExactly("12", "12", "12", "12", "12", "12", "34");
        assertThat(world.destination.batches()).isEmpty();
    }

    @Test
    void case_65_the_delay_between_endless_retries_stops_growing_at_60_s() {
        world.function.throwsOn("1");
        deliver("1", RULES);
        world.advance(Duration.ofMinutes(10));

        List<Long> started = world.function.startedAfterMillis();
        assertThat(started.get(9) - started.get(8)).isEqualTo(51_200);
        assertThat(started.get(10) - started.get(9)).isEqualTo(60_000);
        assertThat(started.get(11) - started.get(10)).isEqualTo(60_000);
    }

    @Test
    void case_68_a_timeout_is_a_function_error_that_is_retried_and_bisected() {
        world.function
                .timeout(1_000)
                .takes(invocation -> invocation.records().stream()
                                .anyMatch(record -> record.text().equals("2"))
                        ? 1_500
                        : 0);
        deliver("12", RULES.withMaximumRetryAttempts(1).withBisect());

        assertThat(world.function.digits()).containsExactly("12", "1", "2", "2");
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 1_500L, 1_500L, 3_200L);
        assertThat(world.destination.batches())
                .singleElement()
                .extracting(DiscardedBatch::response)
                .isEqualTo(new DiscardedBatch.Response("$LATEST", "Unhandled", "timed out after 1000 ms"));
    }

    @Test
    void case_72_retries_of_a_batch_share_their_request_id_and_its_parts_have_their_own() {
        world.function.throwsOn("2");
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect());

        List<String> ids = world.function.deliveries().stream()
                .map(delivery -> delivery.invocation().attempt().requestId())
                .toList();
        assertThat(world.function.digits()).containsExactly("1234", "12", "1", "2", "2", "34");
        assertThat(ids.get(3)).isEqualTo(ids.get(4));
        assertThat(ids.stream().distinct()).hasSize(5);
        assertThat(world.destination.batches().get(0).origin().requestId()).isEqualTo(ids.get(3));
    }

    @Test
    void case_72_what_is_left_after_progress_has_a_request_id_of_its_own() {
        world.function.reports("2");
        deliver("123", RULES.withMaximumRetryAttempts(1));

        assertThat(world.function.digits()).containsExactly("123", "23", "23");
        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().requestId())
                .containsExactly("request-1", "request-2", "request-2");
    }
}
