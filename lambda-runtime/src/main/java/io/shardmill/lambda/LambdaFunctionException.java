package io.shardmill.lambda;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Thrown when a function fails, with its own words or Lambda's: a timeout, an exit, an answer that is too large. */
public final class LambdaFunctionException extends Exception {

    private static final long serialVersionUID = 1;
    private static final int MAX_MESSAGE = 1_000;

    /** @param payload the error as the function gave it: most often JSON with {@code errorMessage} and {@code errorType} */
    public LambdaFunctionException(byte[] payload) {
        super(message(payload), null, false, false);
    }

    private static String message(byte[] payload) {
        try {
            JsonNode error = JsonMapper.shared().readTree(payload);
            String type = error.path("errorType").asString("");
            String message = error.path("errorMessage").asString("");
            String text = type.isEmpty() ? message : type + ": " + message;
            if (!text.isEmpty()) {
                return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
            }
        } catch (JacksonException unreadable) {
            return "an error of " + payload.length + " bytes that is not JSON";
        }
        return "an error of " + payload.length + " bytes without type and message";
    }
}
