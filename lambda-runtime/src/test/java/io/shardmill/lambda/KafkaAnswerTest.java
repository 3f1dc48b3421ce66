package io.shardmill.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.runtime.DescribedFault;
import io.shardmill.runtime.InvocationOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to a batch of the offsets 14 and 15 of {@code orders-0}. */
class KafkaAnswerTest {

    private static final List<Record> BATCH =
            List.of(KafkaRecords.of(14, "k", "first"), KafkaRecords.of(15, "k", "second"));

    private static Result result(String failures) {
        String json = "{\"batchItemFailures\":" + failures + "}";
        return LambdaAnswer.read(json.getBytes(StandardCharsets.UTF_8), BATCH).result();
    }

    @Test
    void failed_records_are_named_by_partition_and_offset() {
        Result result = result("[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":15}}]");

        assertThat(result).isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(15))));
        assertThat(InvocationOutcome.of(result, BATCH)).isEqualTo(new InvocationOutcome.PartlyFailed(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null"})
    void nothing_reported_is_a_success(String failures) {
        assertThat(result(failures)).isEqualTo(Result.success());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":16}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":15}},"
                        + "{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":16}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-1\",\"offset\":15}}]",
                "[{\"itemIdentifier\":{\"partition\":0,\"offset\":15}}]",
                "[{\"itemIdentifier\":{\"offset\":15}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\"}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":\"15\"}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":15.5}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":-1}}]",
                "[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":18446744073709551631}}]",
                "[{\"itemIdentifier\":\"15\"}]",
                "[{\"itemIdentifier\":\"orders-0:15\"}]",
                "[{\"itemIdentifier\":15}]",
                "[{\"itemIdentifier\":null}]",
                "[{}]",
                "[null]"
            })
    void case_57_a_report_of_what_is_not_in_the_event_fails_the_whole_batch(String failures) {
        assertThat(InvocationOutcome.of(result(failures), BATCH))
                .isInstanceOfSatisfying(
                        InvocationOutcome.PartlyFailed.class,
                        failed -> assertThat(failed.firstFailed()).isZero());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"alice\" | itemIdentifier is not a partition and an offset; set it to {\"partition\": ",
                "{\"partition\":\"alice-0\",\"offset\":15} | itemIdentifier has a partition that is not in the event",
                "{\"partition\":\"orders-0\",\"offset\":-1} | itemIdentifier has an offset that no record can have"
            })
    void an_invalid_report_says_what_is_wrong_with_it_and_quotes_nothing(String identifier, String fault) {
        assertThat(result("[{\"itemIdentifier\":" + identifier + "}]").cause())
                .isInstanceOfSatisfying(
                        DescribedFault.class,
                        cause -> assertThat(cause.describe(false))
                                .startsWith("invalid report, so the whole batch fails: batchItemFailures[0].")
                                .contains(fault)
                                .doesNotContain("alice"));
    }

    /** The rule of Kinesis stays as it was. */
    @Test
    void a_pair_names_no_record_of_kinesis() {
        String json = "{\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":15}}]}";
        assertThat(LambdaAnswer.read(json.getBytes(StandardCharsets.UTF_8), List.of())
                        .result())
                .isInstanceOf(Result.FailedIndexes.class);
    }
}
