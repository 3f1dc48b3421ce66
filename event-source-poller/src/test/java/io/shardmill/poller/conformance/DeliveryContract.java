package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Result;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FilterCriteria;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, batching, filters and responses of a topic: cases 27 to 33, 46, 47 and 53 to 56. */
public abstract class DeliveryContract extends TopicContract {

    @Test
    void case_27_trim_horizon_delivers_what_was_put_before_and_after_the_start_in_batches_in_order() {
        put("12345");
        deliver(mapping().with(PAIRS));
        assertThat(delivered()).containsExactly("12", "34", "5");

        put("67");
        drain();
        assertThat(String.join("", delivered())).isEqualTo("1234567");
        assertFinished(0, 7);
    }

    @Test
    void case_30_a_full_batch_does_not_wait_for_the_window_and_an_underfilled_one_gathers_what_comes_in_it() {
        put("123");
        start(mapping().with(PAIRS.withWindow(Duration.ofSeconds(5))), succeeding());
        put("4");
        drain();

        assertThat(delivered()).containsExactly("12", "34");
    }

    @Test
    void case_31_a_single_record_waits_for_the_end_of_its_window() {
        Duration window = Duration.ofMillis(500);
        deliver(mapping().with(Batching.defaults().withBatchSize(10).withWindow(window)));
        Instant before = topic().now();
        put("1");
        drain();

        assertThat(delivered()).containsExactly("1");
        assertThat(deliveries().get(0).begun()).isAfterOrEqualTo(before.plus(window));
    }

    @Test
    void case_33_records_of_two_partitions_never_share_an_event() {
        put("1");
        put(1, "2", Duration.ZERO);
        put("3");
        put(1, "4", Duration.ZERO);
        deliver(mapping());

        assertThat(delivered()).containsExactlyInAnyOrder("13", "24");
    }

    @Test
    void case_46_several_filters_are_alternatives() {
        put("1234");
        deliver(mapping().with(FilterCriteria.of("{\"value\":[\"1\"]}", "{\"value\":[\"3\"]}")));

        assertThat(delivered()).containsExactly("13");
    }

    @Test
    void case_47_a_partition_of_which_nothing_matches_is_checkpointed_and_not_invoked() {
        put("123");
        deliver(mapping().with(FilterCriteria.of("{\"value\":[\"9\"]}")));

        assertThat(delivered()).isEmpty();
        assertFinished(0, 3);
    }

    @Test
    void case_53_a_report_with_progress_costs_no_attempt() {
        put("012345");
        deliver(
                mapping()
                        .with(Batching.defaults().withBatchSize(3))
                        .with(RULES.withMaximumRetryAttempts(3).withReportBatchItemFailures()),
                reporting("5"));

        assertThat(delivered()).containsExactly("012", "345", "5", "5", "5", "5");
        assertThat(discardedTexts()).containsExactly("5");
        assertThat(discarded().get(0).invokeCount()).isEqualTo(4);
    }

    @Test
    void case_54_the_whole_rest_of_a_batch_is_retried_and_given_up_with_its_failed_record() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withReportBatchItemFailures(), reporting("2"));

        assertThat(delivered()).containsExactly("1234", "234", "234");
        assertThat(discardedTexts()).containsExactly("234");
        assertThat(discarded().get(0).invokeCount()).isEqualTo(2);
        assertFinished(0, 4);
    }

    @Test
    void case_55_and_56_the_rest_begins_at_the_lowest_offset_whatever_the_order_of_the_report() {
        AtomicInteger invocations = new AtomicInteger();
        deliver(
                "12345",
                RULES.withReportBatchItemFailures(),
                returning(batch -> invocations.incrementAndGet() > 1
                        ? Result.success()
                        : Result.failed(List.of(batch.get(3), batch.get(1)))));

        assertThat(delivered()).containsExactly("12345", "2345");
    }
}
