package io.shardmill.lambda.process;

import org.jspecify.annotations.Nullable;

/**
 * What came of an invocation, in the raw form of Lambda's Invoke.
 *
 * @param payload what the function returned, unchanged; or the error, as Lambda words it
 * @param functionError {@code Unhandled} if the function failed in any way; else null
 * @param logTail the last 4 KB of the log of this invocation, with its START, END and REPORT lines
 * @param executedVersion {@code $LATEST}, or the published version's number
 */
public record InvokeResponse(byte[] payload, @Nullable String functionError, byte[] logTail, String executedVersion) {

    /** Payloads and output stay out of logs. */
    @Override
    public String toString() {
        return "InvokeResponse[" + payload.length + " bytes" + (functionError == null ? "" : ", " + functionError)
                + "]";
    }
}
