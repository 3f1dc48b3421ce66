package io.shardmill.lambda;

import io.shardmill.function.Record;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.FailedVersionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an invocation, in the raw form of Lambda's Invoke.
 *
 * @param payload what the function returned, unchanged; or the error, as Lambda words it
 * @param functionError {@code Unhandled} if the function failed in any way; else null
 * @param logTail the last 4 KB of the log of this invocation, with its START, END and REPORT lines
 * @param executedVersion {@code $LATEST}, or the published version's number
 */
public record InvokeResponse(byte[] payload, @Nullable String functionError, byte[] logTail, String executedVersion) {

    /** The longest payload of a success: 6 MiB and 100 bytes. */
    public static final int MAX_BYTES = 6_291_556;

    /** The {@code functionError} of every failure. */
    public static final String UNHANDLED = "Unhandled";

    /**
     * Returns the function's answer to a batch.
     *
     * @param batch the records that it was invoked with
     * @throws LambdaFunctionException if the function failed
     * @throws FailedVersionException if that was a published version; the cause is the exception above
     */
    public Answer answer(List<Record> batch) throws LambdaFunctionException, FailedVersionException {
        if (functionError == null) {
            return LambdaAnswer.read(payload, batch).executedBy(executedVersion);
        }
        LambdaFunctionException failure = new LambdaFunctionException(payload);
        if (executedVersion.equals(Answer.LATEST)) {
            throw failure;
        }
        throw new FailedVersionException(executedVersion, failure);
    }

    /** Payloads and output stay out of logs. */
    @Override
    public String toString() {
        return "InvokeResponse[" + payload.length + " bytes" + (functionError == null ? "" : ", " + functionError)
                + "]";
    }
}
