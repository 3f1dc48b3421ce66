package io.shardmill.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.DescribedFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LambdaAnswerTest {

    private static Answer read(String json) {
        return LambdaAnswer.read(json.getBytes(StandardCharsets.UTF_8), List.of());
    }

    private static Result result(String json) {
        return read(json).result();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "[]",
                "null",
                "{}",
                "{\"batchItemFailures\":[]}",
                "{\"batchItemFailures\":null}",
                "{\"other\":1}"
            })
    void case_49_nothing_reported_is_a_success(String json) {
        assertThat(result(json)).isEqualTo(Result.success());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"foo\":123}]}",
                "{\"batchItemFailures\":[{\"foo\":null}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":123}]}",
                "{\"batchItemFailures\":[null]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"},{\"itemIdentifier\":\"x\"}]}",
                "{\"batchItemFailures\":{}}",
                "{\"batchItemFailures\":{\"a\":{\"itemIdentifier\":\"1\"}}}",
                "{\"batchItemFailures\":\"1\"}",
                "\"done\"",
                "5",
                "[1]",
                "no JSON",
                "{\"batchItemFailures\":["
            })
    void case_50_an_invalid_report_fails_the_whole_batch(String json) {
        assertThat(result(json))
                .isInstanceOfSatisfying(
                        Result.FailedIndexes.class,
                        failed -> assertThat(failed.indexes()).containsExactly(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"},{\"itemIdentifier\":\"alice\"}]} | batchItemFailures[1].itemIdentifier is not a sequence number",
                "{\"batchItemFailures\":[{\"eventID\":\"alice\"}]} | batchItemFailures[0].itemIdentifier is not a string",
                "{\"batchItemFailures\":{\"alice\":1}} | batchItemFailures is not an array",
                "\"alice\" | the answer is neither a JSON object nor empty",
                "alice | the answer is not JSON"
            })
    void an_invalid_report_says_what_is_wrong_with_it_and_quotes_nothing(String json, String fault) {
        assertThat(result(json).cause())
                .isInstanceOfSatisfying(
                        DescribedFault.class,
                        cause -> assertThat(cause.describe(false))
                                .startsWith("invalid report, so the whole batch fails: ")
                                .contains(fault)
                                .doesNotContain("alice"));
    }

    @Test
    void failed_records_are_named_by_sequence_number() {
        assertThat(result("{\"batchItemFailures\":[{\"itemIdentifier\":\"100\"},{\"itemIdentifier\":\"99\"}]}"))
                .isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(100), SequenceNumber.of(99))));
    }

    @Test
    void a_windows_state_keeps_its_json_and_anything_but_an_object_is_none() {
        assertThat(read("{\"state\":{\"count\":2,\"last\":[true,null]}}").state())
                .isEqualTo("{\"count\":2,\"last\":[true,null]}");
        String numbers =
                "{\"sum\":12345678901234567.89,\"large\":1E+400,\"price\":1.50,\"id\":123456789012345678901234567890}";
        assertThat(read("{\"state\":" + numbers + "}").state()).isEqualTo(numbers);
        for (String json : List.of("{}", "{\"state\":null}", "{\"state\":\"x\"}", "null", "")) {
            assertThat(read(json).state()).as(json).isNull();
        }
    }
}
