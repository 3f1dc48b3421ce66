package io.shardmill.lambda;

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
 * Reads the JSON a Lambda function answers a batch with (Lambda guide, "Reporting batch item failures"; spec 5.2
 * and 5.4). An invalid report fails the whole batch. The mapping decides whether reports count.
 */
public final class LambdaAnswer {

    /** A state's numbers come back as they were written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Result WHOLE_BATCH_FAILED = Result.failedFrom(0);

    private LambdaAnswer() {}

    /**
     * Reads an answer; never throws, since the function has run.
     *
     * @param json in UTF-8; empty for a function that answered nothing
     */
    public static Answer read(byte[] json) {
        if (json.length == 0) {
            return Answer.of(Result.success());
        }
        try {
            JsonNode answer = JSON.readTree(json);
            return new Answer(report(answer), state(answer));
        } catch (JacksonException unreadable) {
            return Answer.of(WHOLE_BATCH_FAILED);
        }
    }

    /** Recorded as successes: {@code null}, {@code ""}, {@code []}, <code>{}</code>. Other texts and numbers are no reports. */
    private static Result report(JsonNode answer) {
        if (answer.isNull() || (answer.isString() && answer.stringValue().isEmpty())) {
            return Result.success();
        }
        if (answer.isArray() && answer.isEmpty()) {
            return Result.success();
        }
        return answer.isObject() ? failures(answer.path("batchItemFailures")) : WHOLE_BATCH_FAILED;
    }

    private static Result failures(JsonNode failures) {
        if (failures.isMissingNode() || failures.isNull() || (failures.isArray() && failures.isEmpty())) {
            return Result.success();
        }
        List<SequenceNumber> numbers = new ArrayList<>();
        for (JsonNode failure : failures) {
            JsonNode identifier = failure.path("itemIdentifier");
            if (!identifier.isString()) {
                return WHOLE_BATCH_FAILED;
            }
            try {
                numbers.add(SequenceNumber.parse(identifier.stringValue()));
            } catch (IllegalArgumentException noNumber) {
                return WHOLE_BATCH_FAILED;
            }
        }
        return failures.isArray() ? new Result.FailedRecords(numbers) : WHOLE_BATCH_FAILED;
    }

    private static @Nullable String state(JsonNode answer) {
        JsonNode state = answer.path("state");
        return state.isObject() ? state.toString() : null;
    }
}
