package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.runtime.InvocationOutcome.Failure;
import io.shardmill.runtime.InvocationOutcome.PartlyFailed;
import io.shardmill.runtime.InvocationOutcome.Succeeded;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Spec 5.2, row by row, and 6.1. */
class InvocationOutcomeTest {

    /** Numbers whose order as text is another one. */
    private static final List<Record> BATCH = batch(98, 99, 100, 1000);

    @Test
    void case_49_a_report_of_nothing_is_a_success() {
        assertThat(of(Result.success())).isInstanceOf(Succeeded.class);
        assertThat(of(new Result.FailedRecords(List.of()))).isInstanceOf(Succeeded.class);
        assertThat(of(Result.failedIndexes())).isInstanceOf(Succeeded.class);
    }

    @Test
    void case_50_a_report_of_something_that_is_not_in_the_batch_fails_all_of_it() {
        assertThat(firstFailed(of(failed(123)))).isZero();
        assertThat(firstFailed(of(Result.failedIndexes(4)))).isZero();
        assertThat(firstFailed(of(Result.failedIndexes(-1)))).isZero();
    }

    @Test
    void one_invalid_entry_poisons_the_report() {
        assertThat(firstFailed(of(failed(100, 123)))).isZero();
        assertThat(firstFailed(of(failed(123, 100)))).isZero();
        assertThat(firstFailed(of(Result.failedIndexes(3, 17)))).isZero();
    }

    @Test
    void case_55_the_records_before_the_lowest_one_are_done() {
        assertThat(of(failed(1000, 99))).isEqualTo(new PartlyFailed(1));
        assertThat(of(Result.failedIndexes(3, 1))).isEqualTo(new PartlyFailed(1));
        assertThat(of(Result.failedFrom(BATCH.get(3)))).isEqualTo(new PartlyFailed(3));
        assertThat(of(failed(99, 99))).isEqualTo(new PartlyFailed(1));
    }

    @Test
    void case_56_the_lowest_is_decided_numerically() {
        assertThat(of(failed(100, 99))).isEqualTo(new PartlyFailed(1));
        assertThat(of(failed(1000, 100))).isEqualTo(new PartlyFailed(2));
    }

    @Test
    void a_number_alone_names_the_first_record_of_the_batch_that_was_unpacked_from_its_record() {
        List<Record> batch = Stream.of("98", "99:4", "99:5", "99:6", "100:1")
                .map(number -> Record.of(new Shard("s", "0"), SequenceNumber.parse(number), "k", "", Instant.EPOCH))
                .toList();
        assertThat(InvocationOutcome.of(failed(99), batch)).isEqualTo(new PartlyFailed(1));
        assertThat(InvocationOutcome.of(failed(100, 99), batch)).isEqualTo(new PartlyFailed(1));
        assertThat(InvocationOutcome.of(failed(100), batch)).isEqualTo(new PartlyFailed(4));
        assertThat(InvocationOutcome.of(Result.failedFrom(batch.get(2)), batch)).isEqualTo(new PartlyFailed(2));
        assertThat(firstFailed(
                        InvocationOutcome.of(new Result.FailedRecords(List.of(SequenceNumber.parse("99:3"))), batch)))
                .isZero();
        assertThat(firstFailed(
                        InvocationOutcome.of(new Result.FailedRecords(List.of(SequenceNumber.parse("98:1"))), batch)))
                .isZero();
    }

    @Test
    void the_first_record_failed_is_an_ordinary_failed_attempt() {
        assertThat(of(failed(98)).consumesAttempt()).isTrue();
        assertThat(of(failed(99)).consumesAttempt()).isFalse();
    }

    @Test
    void a_final_invocation_has_no_records_so_one_that_reports_any_has_failed() {
        assertThat(firstFailed(InvocationOutcome.of(Result.failedFrom(0), List.of())))
                .isZero();
        assertThat(firstFailed(InvocationOutcome.of(failed(98), List.of()))).isZero();
        assertThat(InvocationOutcome.of(Result.success(), List.of())).isInstanceOf(Succeeded.class);
    }

    @Test
    void case_84_in_a_window_an_answer_without_state_is_a_failed_invocation() {
        InvocationOutcome outcome = InvocationOutcome.of(Answer.of(Result.success()), inWindow(), true);
        assertThat(outcome).isEqualTo(Failure.stateMissing());
        assertThat(outcome.consumesAttempt()).isTrue();
        assertThat(outcome.reachedFunction()).isTrue();
        assertThat(outcome.functionError()).isNull();
    }

    @Test
    void in_a_window_the_state_is_part_of_the_outcome() {
        Answer partly = Answer.of(Result.failedFrom(2)).with("{\"n\":2}");
        assertThat(InvocationOutcome.of(partly, inWindow(), true)).isEqualTo(new PartlyFailed(2, "{\"n\":2}"));
        assertThat(InvocationOutcome.of(partly, inWindow(), false)).isEqualTo(new Succeeded("{\"n\":2}"));
        assertThat(List.of(new Succeeded("secret"), new PartlyFailed(1, "secret"), partly)
                        .toString())
                .doesNotContain("secret")
                .doesNotContain("{");
    }

    @Test
    void outside_of_a_window_there_is_one_success_for_all_and_a_state_is_nothing() {
        Invocation invocation = invocation(null);
        assertThat(InvocationOutcome.of(Answer.of(Result.success()).with("{}"), invocation, true))
                .isSameAs(InvocationOutcome.of(Answer.of(Result.failedFrom(0)), invocation, false))
                .isEqualTo(new Succeeded());
    }

    private static Invocation inWindow() {
        return invocation(new Window(Instant.EPOCH, Instant.EPOCH.plusSeconds(10), "{}", false, false));
    }

    private static Invocation invocation(@Nullable Window window) {
        return new Invocation(
                new Invocation.Origin("m", BATCH.get(0).shard(), 0, 1),
                new Invocation.Attempt("request-1", 1),
                BATCH,
                window,
                Payload.of(new byte[0]));
    }

    @Test
    void a_report_of_all_of_the_largest_batch_is_read() {
        List<Record> batch = batch(LongStream.range(0, 10_000).toArray());
        assertThat(InvocationOutcome.of(Result.failed(batch.subList(1, 10_000)), batch))
                .isEqualTo(new PartlyFailed(1));
    }

    @Test
    void failures_of_the_function_count_and_what_never_reached_it_does_not() {
        assertThat(Failure.threw(new IllegalStateException()).consumesAttempt()).isTrue();
        assertThat(Failure.timedOut(30_000).consumesAttempt()).isTrue();
        assertThat(Failure.tooLarge(7_000_000).consumesAttempt()).isTrue();
        assertThat(Failure.notInvoked("throttled").consumesAttempt()).isFalse();
        assertThat(new Succeeded().consumesAttempt()).isFalse();
    }

    @Test
    void an_exception_whose_message_can_not_be_had_is_told_by_its_class() {
        RuntimeException broken = new IllegalStateException() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("thrown by a test");
            }
        };
        String text = Failure.threw(broken, new FaultText(true)).describe();

        assertThat(text).contains(broken.getClass().getName()).contains("UnsupportedOperationException");
    }

    @Test
    void a_thrown_exception_is_described_by_its_class_and_line_and_by_its_message_only_if_payloads_are_shown() {
        IllegalStateException thrown = new IllegalStateException("alice", new IllegalArgumentException("bob"));
        StackTraceElement[] stack = {new StackTraceElement("com.acme.Orders", "store", "Orders.java", 42)};
        thrown.setStackTrace(stack);
        thrown.getCause().setStackTrace(stack);

        assertThat(Failure.threw(thrown).describe())
                .isEqualTo("java.lang.IllegalStateException at com.acme.Orders.store(Orders.java:42),"
                        + " caused by java.lang.IllegalArgumentException at com.acme.Orders.store(Orders.java:42)");
        assertThat(Failure.threw(thrown, new FaultText(true)).describe())
                .isEqualTo(
                        "java.lang.IllegalStateException: alice at com.acme.Orders.store(Orders.java:42),"
                                + " caused by java.lang.IllegalArgumentException: bob at com.acme.Orders.store(Orders.java:42)");
    }

    @Test
    void a_report_of_failed_records_says_why_if_the_function_does() {
        InvocationOutcome outcome = of(Result.failedFrom(1, new IllegalStateException("alice")));

        assertThat(outcome.describe())
                .startsWith("reported batch item failures from record 1: java.lang.IllegalStateException at ")
                .doesNotContain("alice");
        assertThat(of(Result.failedFrom(BATCH.get(1), new IllegalStateException()))
                        .describe())
                .contains("from record 1: java.lang.IllegalStateException at ");
        assertThat(of(Result.failedFrom(1)).describe()).isEqualTo("reported batch item failures from record 1");
    }

    @Test
    void a_report_that_names_records_outside_the_batch_says_so() {
        String reason =
                "from record 0: invalid report, so the whole batch fails: it names records that are not in the batch (1)";

        assertThat(of(failed(99, 4711)).describe()).endsWith(reason);
        assertThat(of(Result.failedFrom(BATCH.size())).describe()).endsWith(reason);
    }

    @Test
    void an_error_is_unhandled_and_a_report_is_not() {
        assertThat(Failure.threw(new IllegalStateException()).functionError()).isEqualTo("Unhandled");
        assertThat(Failure.timedOut(1).functionError()).isEqualTo("Unhandled");
        assertThat(new PartlyFailed(0).functionError()).isNull();
        assertThat(new PartlyFailed(0).reachedFunction()).isTrue();
        assertThat(Failure.tooLarge(7_000_000).reachedFunction()).isFalse();
        assertThat(Failure.notInvoked("throttled").reachedFunction()).isFalse();
    }

    private static InvocationOutcome of(Result result) {
        return InvocationOutcome.of(result, BATCH);
    }

    private static int firstFailed(InvocationOutcome outcome) {
        assertThat(outcome).isInstanceOf(PartlyFailed.class);
        return ((PartlyFailed) outcome).firstFailed();
    }

    private static Result failed(long... numbers) {
        return new Result.FailedRecords(
                LongStream.of(numbers).mapToObj(SequenceNumber::of).toList());
    }

    private static List<Record> batch(long... numbers) {
        return LongStream.of(numbers)
                .mapToObj(number -> Record.of(new Shard("s", "0"), SequenceNumber.of(number), "k", "", Instant.EPOCH))
                .toList();
    }
}
