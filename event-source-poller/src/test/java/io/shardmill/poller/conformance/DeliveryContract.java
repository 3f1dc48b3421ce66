package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.FilterCriteria;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Spec chapter 14: the cases of what is delivered and given up, for a topic of any kind. Each test begins with two partitions
 * without records.
 */
public abstract class DeliveryContract {

    protected static final String DESTINATION = "discarded";

    private static final FailureHandling RULES = FailureHandling.defaults().withDestination(DESTINATION);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Batching PAIRS = Batching.defaults().withBatchSize(2);

    private final List<String> deliveries = new CopyOnWriteArrayList<>();

    /** Returns a mapping of the topic with the defaults. */
    protected abstract EventSourceMapping mapping();

    /** Puts a record whose timestamp is so old. */
    protected abstract void put(int partition, String text, Duration age);

    /** Starts the mapping onto a function that throws, or returns a report. */
    protected abstract void start(EventSourceMapping mapping, Function<List<Record>, Result> function);

    /** Waits until all that was put is finished; a minute in virtual time. */
    protected abstract void drain();

    protected abstract List<DiscardedBatch> discarded();

    /** Asserts that the checkpoint says that so many records of a partition are finished, now or soon. */
    protected abstract void assertFinished(int partition, long records);

    private void put(String digits) {
        digits.chars().forEach(digit -> put(0, Character.toString(digit), Duration.ZERO));
    }

    private static String texts(List<Record> records) {
        return records.stream().map(Record::text).collect(Collectors.joining());
    }

    private List<String> discardedTexts() {
        return discarded().stream().map(batch -> texts(batch.records())).toList();
    }

    /** Starts the mapping, and waits until all is finished. */
    private void deliver(EventSourceMapping mapping, Function<List<Record>, Result> function) {
        start(mapping, batch -> {
            deliveries.add(texts(batch));
            return function.apply(batch);
        });
        drain();
    }

    private void deliver(EventSourceMapping mapping) {
        deliver(mapping, batch -> Result.success());
    }

    private void deliver(String digits, FailureHandling rules, Function<List<Record>, Result> function) {
        put(digits);
        deliver(mapping().with(rules), function);
    }

    private static Function<List<Record>, Result> throwingOn(String digits) {
        return batch -> {
            if (batch.stream().map(Record::text).anyMatch(digits::contains)) {
                throw new IllegalStateException("bad record");
            }
            return Result.success();
        };
    }

    private static Function<List<Record>, Result> reporting(String digits) {
        return batch -> Result.failed(
                batch.stream().filter(record -> digits.contains(record.text())).toList());
    }

    @Test
    void case_27_trim_horizon_delivers_what_was_put_before_and_after_the_start_in_batches_in_order() {
        put("12345");
        deliver(mapping().with(PAIRS));
        assertThat(deliveries).containsExactly("12", "34", "5");

        put("67");
        drain();
        assertThat(String.join("", deliveries)).isEqualTo("1234567");
        assertFinished(0, 7);
    }

    @Test
    void case_30_a_full_batch_does_not_wait_for_the_window_and_an_underfilled_one_gathers_what_comes_in_it() {
        put("123");
        start(mapping().with(PAIRS.withWindow(Duration.ofSeconds(5))), batch -> {
            deliveries.add(texts(batch));
            return Result.success();
        });
        put("4");
        drain();

        assertThat(deliveries).containsExactly("12", "34");
    }

    @Test
    void case_33_records_of_two_partitions_never_share_an_event() {
        put("1");
        put(1, "2", Duration.ZERO);
        put("3");
        put(1, "4", Duration.ZERO);
        deliver(mapping());

        assertThat(deliveries).containsExactlyInAnyOrder("13", "24");
    }

    @Test
    void case_46_several_filters_are_alternatives() {
        put("1234");
        deliver(mapping().with(FilterCriteria.of("{\"value\":[\"1\"]}", "{\"value\":[\"3\"]}")));

        assertThat(deliveries).containsExactly("13");
    }

    @Test
    void case_47_a_partition_of_which_nothing_matches_is_checkpointed_and_not_invoked() {
        put("123");
        deliver(mapping().with(FilterCriteria.of("{\"value\":[\"9\"]}")));

        assertThat(deliveries).isEmpty();
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

        assertThat(deliveries).containsExactly("012", "345", "5", "5", "5", "5");
        assertThat(discardedTexts()).containsExactly("5");
        assertThat(discarded().get(0).invokeCount()).isEqualTo(4);
    }

    @Test
    void case_54_the_whole_rest_of_a_batch_is_retried_and_given_up_with_its_failed_record() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withReportBatchItemFailures(), reporting("2"));

        assertThat(deliveries).containsExactly("1234", "234", "234");
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
                batch -> invocations.incrementAndGet() > 1
                        ? Result.success()
                        : Result.failed(List.of(batch.get(3), batch.get(1))));

        assertThat(deliveries).containsExactly("12345", "2345");
    }

    @Test
    void case_58_a_throwing_function_gets_the_batch_three_times_with_two_retries_then_it_is_discarded() {
        deliver("1234", RULES.withMaximumRetryAttempts(2), throwingOn("2"));

        assertThat(deliveries).containsExactly("1234", "1234", "1234");
        assertThat(discardedTexts()).containsExactly("1234");
        assertFinished(0, 4);
    }

    @Test
    void case_59_bisect_narrows_down_to_the_bad_record() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect(), throwingOn("2"));

        assertThat(deliveries).containsExactly("1234", "12", "1", "2", "2", "34");
        assertThat(discardedTexts()).containsExactly("2");
        assertThat(discarded().get(0).invokeCount()).isEqualTo(2);
    }

    @Test
    void case_60_report_and_bisect_together() {
        deliver("1234", RULES.withMaximumRetryAttempts(1).withBisect().withReportBatchItemFailures(), reporting("2"));

        assertThat(deliveries).containsExactly("1234", "234", "2", "2", "34");
        assertThat(discardedTexts()).containsExactly("2");
    }

    @Test
    void case_61_without_retries_bisect_still_goes_down_to_single_records() {
        deliver("1234", RULES.withMaximumRetryAttempts(0).withBisect(), throwingOn("2"));

        assertThat(deliveries).containsExactly("1234", "12", "1", "2", "34");
        assertThat(discarded()).extracting(DiscardedBatch::invokeCount).containsExactly(1);
    }

    @Test
    void case_62_when_all_are_bad_each_record_has_a_document_of_its_own() {
        deliver("1234", RULES.withMaximumRetryAttempts(0).withBisect(), throwingOn("1234"));

        assertThat(deliveries).containsExactly("1234", "12", "1", "2", "34", "3", "4");
        assertThat(discardedTexts()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void case_63_an_odd_batch_has_the_smaller_half_first() {
        deliver("234", RULES.withMaximumRetryAttempts(0).withBisect(), throwingOn("2"));

        assertThat(deliveries).containsExactly("234", "2", "34");
    }

    @Test
    void case_65_with_endless_retries_nothing_is_given_up_and_later_batches_wait() {
        AtomicInteger left = new AtomicInteger(3);
        put("1234");
        deliver(mapping().with(PAIRS), batch -> {
            if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
            return Result.success();
        });

        assertThat(deliveries).containsExactly("12", "12", "12", "12", "34");
    }

    @Test
    void case_69_a_record_too_old_before_its_first_read_is_never_delivered() {
        put(0, "1", Duration.ofSeconds(80));
        deliver(mapping().with(RULES.withMaximumRecordAge(MINUTE).withMaximumRetryAttempts(0)));

        assertThat(deliveries).isEmpty();
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

        assertThat(deliveries).containsExactly("23456");
        assertThat(discardedTexts()).containsExactly("1");
    }
}
