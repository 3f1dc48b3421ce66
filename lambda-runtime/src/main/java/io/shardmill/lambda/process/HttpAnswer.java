package io.shardmill.lambda.process;

import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.Payload;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer to a runtime. A small one is sent with one write: two would cost Nagle's delay of 40 ms. */
record HttpAnswer(int status, Map<String, String> headers, Payload body) {

    private static final int BUFFER_BYTES = 16 << 10;

    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            202, "Accepted",
            400, "Bad Request",
            403, "Forbidden",
            404, "Not Found",
            405, "Method Not Allowed",
            413, "Request Entity Too Large",
            500, "Internal Server Error");

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    static final HttpAnswer ACCEPTED = json(202, "{\"status\":\"OK\"}\n");
    static final HttpAnswer INVALID_REQUEST_ID = error(400, "Invalid request ID", "InvalidRequestID");
    static final HttpAnswer INVALID_RESPONSE_MODE =
            error(400, "Invalid function response mode", "InvalidFunctionResponseMode");
    static final HttpAnswer TRUNCATED = error(400, "HTTP request detected as truncated", "TruncatedHTTPRequest");
    static final HttpAnswer TOO_LARGE = error(
            413,
            "Exceeded maximum allowed payload size (" + InvokeResponse.MAX_BYTES + " bytes).",
            "RequestEntityTooLarge");
    static final HttpAnswer INTERNAL_ERROR = error(500, "Internal Server Error", "InternalServerError");
    static final HttpAnswer FORBIDDEN = error(403, "Only the function itself may call its Runtime API", "Forbidden");
    static final HttpAnswer NOT_FOUND = text(404, "404 page not found\n");
    static final HttpAnswer METHOD_NOT_ALLOWED = text(405, "");

    static HttpAnswer invalidTransition(RuntimeState from, RuntimeState to) {
        return error(
                403,
                "State transition from " + from.text() + " to " + to.text()
                        + " failed for runtime. Error: State transition is not allowed",
                "InvalidStateTransition");
    }

    static HttpAnswer text(int status, String text) {
        return new HttpAnswer(
                status, Map.of("Content-Type", "text/plain"), Payload.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpAnswer error(int status, String message, String type) {
        return json(status, "{\"errorMessage\":\"" + message + "\",\"errorType\":\"" + type + "\"}\n");
    }

    private static HttpAnswer json(int status, String json) {
        return new HttpAnswer(status, JSON, Payload.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    void writeTo(OutputStream out, boolean last) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(REASONS.get(status))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.size()).append("\r\n");
        if (last) {
            head.append("Connection: close\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        OutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
        buffered.write(start);
        body.writeTo(buffered);
        buffered.flush();
    }
}
