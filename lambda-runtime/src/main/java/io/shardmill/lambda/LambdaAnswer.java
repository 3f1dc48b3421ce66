package io.shardmill.lambda;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON a Lambda function answers a batch with (Lambda guide, "Reporting batch item failures"; spec 5.2,
 * 5.4 and 5.5). An invalid report fails the whole batch. The mapping decides whether reports count.
 */
public final class LambdaAnswer {

    /** A state's numbers come back as they were written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String FAILURES = "batchItemFailures";
    private static final String IDENTIFIER = "itemIdentifier";

    private LambdaAnswer() {}

    /**
     * Reads an answer; never throws, since the function has run.
     *
     * @param json in UTF-8; empty for a function that answered nothing
     * @param batch the records that it answers, which say how a report names them
     */
    public static Answer read(byte[] json, List<Record> batch) {
        if (json.length == 0) {
            return Answer.of(Result.success());
        }
        try {
            JsonNode answer = JSON.readTree(json);
            return new Answer(report(answer, ItemIdentifiers.of(batch)), state(answer));
        } catch (JacksonException unreadable) {
            return Answer.of(invalid("the answer is not JSON"));
        }
    }

    /** Recorded as successes: {@code null}, {@code ""}, {@code []}, <code>{}</code>. Other texts and numbers are no reports. */
    private static Result report(JsonNode answer, ItemIdentifiers identifiers) {
        if (answer.isNull() || (answer.isString() && answer.stringValue().isEmpty())) {
            return Result.success();
        }
        if (answer.isArray() && answer.isEmpty()) {
            return Result.success();
        }
        return answer.isObject()
                ? failures(answer.path(FAILURES), identifiers)
                : invalid("the answer is neither a JSON object nor empty; return {\"batchItemFailures\": [...]}");
    }

    private static Result failures(JsonNode failures, ItemIdentifiers identifiers) {
        if (failures.isMissingNode() || failures.isNull() || (failures.isArray() && failures.isEmpty())) {
            return Result.success();
        }
        if (!failures.isArray()) {
            return invalid(FAILURES + " is not an array");
        }
        List<SequenceNumber> numbers = new ArrayList<>();
        for (JsonNode failure : failures) {
            try {
                numbers.add(identifiers.number(failure.path(IDENTIFIER)));
            } catch (IllegalArgumentException invalid) {
                return invalid(FAILURES + "[" + numbers.size() + "]." + IDENTIFIER + " " + invalid.getMessage());
            }
        }
        return new Result.FailedRecords(numbers);
    }

    private static Result invalid(String fault) {
        return Result.failedFrom(0, new InvalidReportException(fault));
    }

    private static @Nullable String state(JsonNode answer) {
        JsonNode state = answer.path("state");
        return state.isObject() ? state.toString() : null;
    }
}
