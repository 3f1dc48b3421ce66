package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec chapter 14, "Responses": cases 49 to 56. Case 52 needs an engine's own invoker: see EngineTest. */
class ResponsesTest {

    private static final SequenceNumber UNKNOWN = SequenceNumber.of(123);

    private final World world = new World(1);

    private EventSourceMapping mapping(int batchSize, int retries) {
        return world.mapping()
                .with(Batching.defaults().withBatchSize(batchSize))
                .with(FailureHandling.defaults()
                        .withMaximumRetryAttempts(retries)
                        .withReportBatchItemFailures()
                        .withDestination("fake"));
    }

    private void put(String digits) {
        digits.chars().forEach(digit -> world.stream.put(Character.toString(digit)));
    }

    private interface Report extends Function<List<Record>, @Nullable Result> {}

    static Stream<Report> successes() {
        return Stream.of(
                batch -> Result.success(),
                batch -> null,
                batch -> Result.failed(List.of()),
                batch -> Result.failedIndexes());
    }

    @ParameterizedTest
    @MethodSource("successes")
    void case_49_a_report_that_names_nothing_is_a_success(Report report) {
        world.function.returns(report);
        put("1");
        world.start(mapping(1, 2)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("1");
        assertThat(world.destination.batches()).isEmpty();
    }

    static Stream<Report> nonsense() {
        return Stream.of(
                batch -> new Result.FailedRecords(List.of(UNKNOWN)),
                batch -> new Result.FailedRecords(List.of(batch.get(0).sequenceNumber(), UNKNOWN)),
                batch -> Result.failedFrom(1),
                batch -> Result.failedFrom(-1));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void case_50_a_report_that_names_what_is_not_in_the_batch_fails_all_of_it(Report report) {
        world.function.returns(report);
        put("1");
        world.start(mapping(1, 2)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("1", "1", "1");
        DiscardedBatch discarded = world.destination.batches().get(0);
        assertThat(discarded.invokeCount()).isEqualTo(3);
        assertThat(discarded.response().executedVersion()).isEqualTo("$LATEST");
        assertThat(discarded.response().functionError()).isNull();
    }

    @Test
    void case_50_one_invalid_entry_poisons_a_report_that_would_have_made_progress() {
        world.function.returns(batch -> Result.failedIndexes(1, 7));
        put("123");
        world.start(mapping(3, 0)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("123");
        assertThat(world.destination.digits()).containsExactly("123");
    }

    @Test
    void case_51_a_function_that_throws_is_told_to_the_destination_as_unhandled() {
        world.function.throwsOn("1");
        put("1");
        world.start(mapping(1, 2)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("1", "1", "1");
        assertThat(world.destination.batches()).singleElement().satisfies(discarded -> {
            assertThat(discarded.condition()).isEqualTo(Condition.RETRY_ATTEMPTS_EXHAUSTED);
            assertThat(discarded.invokeCount()).isEqualTo(3);
            assertThat(discarded.response().executedVersion()).isEqualTo("$LATEST");
            assertThat(discarded.response().functionError()).isEqualTo("Unhandled");
        });
    }

    @Test
    void case_53_a_report_with_progress_costs_no_attempt() {
        world.function.reports("5");
        put("012345");
        world.start(mapping(3, 3)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("012", "345", "5", "5", "5", "5");
        assertThat(world.destination.digits()).containsExactly("5");
        assertThat(world.destination.batches().get(0).invokeCount()).isEqualTo(4);
    }

    @Test
    void case_53_what_is_left_after_progress_is_delivered_without_delay() {
        world.function.reports("5");
        put("345");
        world.start(mapping(3, 1)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("345", "5", "5");
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 0L, 200L);
    }

    @Test
    void case_54_the_whole_rest_of_a_batch_is_retried_and_given_up_with_its_failed_record() {
        world.function.reports("2");
        List<Record> records =
                Stream.of("1", "2", "3", "4").map(world.stream::put).toList();
        world.start(mapping(4, 1)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("1234", "234", "234");
        DiscardedBatch discarded = world.destination.batches().get(0);
        assertThat(discarded.records()).isEqualTo(records.subList(1, 4));
        assertThat(discarded.invokeCount()).isEqualTo(2);
    }

    @Test
    void case_55_and_56_the_rest_begins_at_the_lowest_number_whatever_the_order_of_the_report() {
        world.function.returns(batch -> batch.size() < 4 ? Result.success() : Result.failedIndexes(3, 1));
        put("1234");
        world.start(mapping(4, 1));

        assertThat(world.function.digits()).containsExactly("1234", "234");
    }

    @Test
    void case_56_numbers_are_compared_as_numbers_not_as_text() {
        for (int number = 1; number <= 10; number++) {
            world.stream.put("record " + number); // has the number 10 times that: the last is 100, after 90
        }
        world.function.returns(
                batch -> batch.size() < 10 ? Result.success() : Result.failed(List.of(batch.get(9), batch.get(8))));
        world.start(mapping(10, 1));

        assertThat(world.function.deliveries().get(1).texts()).containsExactly("record 9", "record 10");
    }

    /** As events show it: all records that were unpacked from one have its number. */
    @Test
    void a_number_of_an_aggregated_record_fails_the_batch_from_its_first_record_that_is_left() {
        put("a");
        world.stream.putAggregated("1", "2", "3");
        put("b");
        world.function.returns(batch ->
                batch.size() > 2 && world.function.deliveries().size() < 3
                        ? new Result.FailedRecords(List.of(
                                batch.get(batch.size() - 2).sequenceNumber().withSubSequence(0)))
                        : Result.success());
        world.start(mapping(10, 2)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("a123b", "123b", "123b");
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 0L, 200L);
        assertThat(world.destination.batches()).isEmpty();
    }

    @Test
    void a_result_names_one_record_of_an_aggregated_one() {
        put("a");
        world.stream.putAggregated("1", "2", "3");
        put("b");
        world.function.returns(batch -> batch.size() < 5 ? Result.success() : Result.failedFrom(batch.get(2)));
        world.start(mapping(10, 2)).advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("a123b", "23b");
    }
}
