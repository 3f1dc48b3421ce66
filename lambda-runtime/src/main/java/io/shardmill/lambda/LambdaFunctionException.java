package io.shardmill.lambda;

import io.shardmill.runtime.DescribedFault;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Thrown when a function fails, with its own words or Lambda's: a timeout, an exit, an answer that is too large. */
public final class LambdaFunctionException extends Exception implements DescribedFault {

    private static final long serialVersionUID = 1;
    private static final int MAX_MESSAGE = 1_000;
    private static final String TYPE = "errorType";

    /** Errors of which the platform wrote the message. */
    private static final Set<String> PLATFORMS = Set.of(
            "Sandbox.Timedout",
            "Runtime.BuiltInModuleConflict",
            "Runtime.CallbackHandlerDeprecated",
            "Runtime.ExitError",
            "Runtime.HandlerNotFound",
            "Runtime.ImportModuleError",
            "Runtime.MalformedHandlerName",
            "Runtime.MalformedStreamingHandler",
            "Runtime.TruncatedResponse",
            "Runtime.UserCodeSyntaxError",
            "Function.ResponseSizeTooLarge");

    /** A class's name and the like: whatever is longer or has spaces may be anything. */
    private static final Pattern TYPE_NAME = Pattern.compile("[\\w.$:]{1,200}");

    private static final Pattern LINE_END = Pattern.compile("\\s*\\R\\s*");

    private final String described;

    /** @param payload the error as the function gave it: most often JSON with {@code errorMessage} and {@code errorType} */
    public LambdaFunctionException(byte[] payload) {
        super(message(payload), null, false, false);
        this.described = described(payload);
    }

    @Override
    public String describe(boolean showsPayloads) {
        return showsPayloads ? String.valueOf(getMessage()) : described;
    }

    /** Returns its type, where it was thrown, and the message if that is the platform's. */
    private static String described(byte[] payload) {
        try {
            JsonNode error = JsonMapper.shared().readTree(payload);
            String type = error.path(TYPE).asString("");
            if (PLATFORMS.contains(type)) {
                return LINE_END.matcher(message(payload)).replaceAll(" ");
            }
            String line = FunctionLine.of(error);
            return (TYPE_NAME.matcher(type).matches() ? type : "an error without a type")
                    + (line == null ? "" : " at " + line);
        } catch (JacksonException unreadable) {
            return message(payload);
        }
    }

    private static String message(byte[] payload) {
        try {
            JsonNode error = JsonMapper.shared().readTree(payload);
            String type = error.path(TYPE).asString("");
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
