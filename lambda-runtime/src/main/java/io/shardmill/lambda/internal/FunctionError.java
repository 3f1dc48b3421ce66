package io.shardmill.lambda.internal;

import io.shardmill.lambda.InvokeResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error that the platform, not the function, answers with, in Lambda's words.
 *
 * @param fields in Lambda's order, which depends on the error
 */
public record FunctionError(Map<String, Object> fields) {

    private static final String TYPE = "errorType";
    private static final String MESSAGE = "errorMessage";

    /** Exit statuses of processes that a signal ended, as Java sees them; 143 is left out: a JVM exits so itself. */
    private static final Map<Integer, String> SIGNALS =
            Map.of(134, "aborted", 135, "bus error", 137, "killed", 139, "segmentation fault");

    public static FunctionError responseTooLarge() {
        return messageFirst(
                "Response payload size exceeded maximum allowed payload size (" + InvokeResponse.MAX_BYTES + " bytes).",
                "Function.ResponseSizeTooLarge");
    }

    public static FunctionError truncatedResponse() {
        return messageFirst("HTTP request detected as truncated", "Runtime.TruncatedResponse");
    }

    /** Returns what Java functions answer with when their handler throws. */
    public static FunctionError thrown(Throwable thrown) {
        FunctionError error = messageFirst(
                thrown.getMessage() == null ? thrown.getClass().getName() : thrown.getMessage(),
                thrown.getClass().getName());
        error.fields()
                .put(
                        "stackTrace",
                        Arrays.stream(thrown.getStackTrace())
                                .map(StackTraceElement::toString)
                                .toList());
        return error;
    }

    public static FunctionError exited(String requestId, int status) {
        return ofRequest("Runtime.ExitError", requestId, exitText(status));
    }

    public static FunctionError timedOut(String requestId, Duration timeout) {
        return ofRequest("Sandbox.Timedout", requestId, timeoutText(timeout));
    }

    static String timeoutText(Duration timeout) {
        return String.format(Locale.ROOT, "Task timed out after %.2f seconds", timeout.toMillis() / 1000.0);
    }

    /**
     * Returns an error that names the request.
     *
     * @param type such as {@code Runtime.InvalidEntrypoint}
     */
    public static FunctionError ofRequest(String type, String requestId, String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(TYPE, type);
        fields.put(MESSAGE, "RequestId: " + requestId + " Error: " + text);
        return new FunctionError(fields);
    }

    private static FunctionError messageFirst(String message, String type) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(MESSAGE, message);
        fields.put(TYPE, type);
        return new FunctionError(fields);
    }

    private static String exitText(int status) {
        if (status == 0) {
            return "Runtime exited without providing a reason";
        }
        String signal = SIGNALS.get(status);
        return "Runtime exited with error: " + (signal == null ? "exit status " + status : "signal: " + signal);
    }

    String type() {
        return String.valueOf(fields.get(TYPE));
    }

    String message() {
        return String.valueOf(fields.get(MESSAGE));
    }

    public byte[] json() {
        return JsonMapper.shared().writeValueAsBytes(fields);
    }
}
