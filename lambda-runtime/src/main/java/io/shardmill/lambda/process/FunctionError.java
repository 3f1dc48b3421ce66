package io.shardmill.lambda.process;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The errors that the platform, not the function, answers with, in Lambda's words and order of keys. */
record FunctionError(String type, String message, boolean messageFirst) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What a process that was ended by a signal exits with, as Java sees it; 143 is left out: a JVM exits so itself. */
    private static final Map<Integer, String> SIGNALS =
            Map.of(134, "aborted", 135, "bus error", 137, "killed", 139, "segmentation fault");

    static FunctionError responseTooLarge() {
        return new FunctionError(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (" + RuntimeApi.MAX_RESPONSE_BYTES
                        + " bytes).",
                true);
    }

    static FunctionError truncatedResponse() {
        return new FunctionError("Runtime.TruncatedResponse", "HTTP request detected as truncated", true);
    }

    static FunctionError exited(String requestId, int status) {
        return of("Runtime.ExitError", requestId, exitText(status));
    }

    static FunctionError timedOut(String requestId, double seconds) {
        return of(
                "Sandbox.Timedout",
                requestId,
                String.format(Locale.ROOT, "Task timed out after %.2f seconds", seconds));
    }

    static FunctionError badStart(String requestId, BadStartException bad) {
        return of(bad.type(), requestId, String.valueOf(bad.getMessage()));
    }

    private static FunctionError of(String type, String requestId, String text) {
        return new FunctionError(type, "RequestId: " + requestId + " Error: " + text, false);
    }

    private static String exitText(int status) {
        if (status == 0) {
            return "Runtime exited without providing a reason";
        }
        String signal = SIGNALS.get(status);
        return "Runtime exited with error: " + (signal == null ? "exit status " + status : "signal: " + signal);
    }

    byte[] json() {
        String typeField = "\"errorType\":" + JSON.writeValueAsString(type);
        String messageField = "\"errorMessage\":" + JSON.writeValueAsString(message);
        String fields = messageFirst ? messageField + "," + typeField : typeField + "," + messageField;
        return ("{" + fields + "}").getBytes(StandardCharsets.UTF_8);
    }
}
