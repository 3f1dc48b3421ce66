package io.shardmill.lambda.process;

import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a process has said of its failed start.
 *
 * @param document as it came, which is the answer to the invocation
 * @param type Lambda's, or an exception's class
 */
record InitError(byte[] document, String type) {

    private static final Pattern TYPE = Pattern.compile("[\\w.$:]{1,200}");

    /** Those that our clients report of code as it is: another start of the same code would end the same. */
    private static final Set<String> OF_THE_CODE = Set.of(
            "Runtime.BuiltInModuleConflict",
            "Runtime.CallbackHandlerDeprecated",
            "Runtime.HandlerNotFound",
            "Runtime.ImportModuleError",
            "Runtime.MalformedHandlerName",
            "Runtime.MalformedStreamingHandler",
            "Runtime.UserCodeSyntaxError");

    static InitError of(byte[] document) {
        return new InitError(document, type(document));
    }

    private static String type(byte[] document) {
        try {
            String type =
                    JsonMapper.shared().readTree(document).path("errorType").asString("");
            return TYPE.matcher(type).matches() ? type : "Runtime.Unknown";
        } catch (JacksonException unreadable) {
            return "Runtime.Unknown";
        }
    }

    /** Returns whether the code can't be loaded, however often it is tried. */
    boolean isOfTheCode() {
        return OF_THE_CODE.contains(type);
    }
}
