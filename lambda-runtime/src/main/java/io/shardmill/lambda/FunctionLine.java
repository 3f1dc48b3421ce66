package io.shardmill.lambda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the line of a function's own code in its error document, as Lambda's runtimes of Java, Python and Node.js write
 * it. What has not exactly a frame's form is left out: it may quote a payload.
 */
final class FunctionLine {

    private static final Pattern JAVA = Pattern.compile("[\\w.$/<>]{1,300}\\([\\w.$]{1,100}:\\d+\\)");
    private static final Pattern PYTHON = Pattern.compile(
            "\\s*File \"(?<folder>[^\"\\n]{0,1000}/)?(?<file>[\\w.-]{1,200})\", line (?<line>\\d+), in (?<function>[\\w<>]{1,200})(\\n.*)?",
            Pattern.DOTALL);
    private static final Pattern NODE = Pattern.compile(
            "\\s*at (?:(?:async )?(?<function>[\\w.$<>]{1,200}) \\()?(?<folder>(?:file:)?/[^()\\n]{0,1000}/)(?<file>[\\w.-]{1,200}):(?<line>\\d+):\\d+\\)?");

    private FunctionLine() {}

    /** Returns the line that was left last, such as {@code com.acme.Handler.handle(Handler.java:12)}; or null. */
    static @Nullable String of(JsonNode error) {
        List<String> stack = new ArrayList<>();
        for (JsonNode frame : error.path("stackTrace")) {
            String text = frame.asString("");
            String python = scriptLine(PYTHON.matcher(text), "/lib/python");
            if (python != null) {
                stack.add(0, python); // the most recent call is the last
            } else if (JAVA.matcher(text).matches() && !text.startsWith("java.") && !text.startsWith("jdk.")) {
                stack.add(text);
            }
        }
        for (JsonNode frame : error.path("trace")) {
            String node = scriptLine(NODE.matcher(frame.asString("")), "/node_modules/");
            if (node != null) {
                stack.add(node);
            }
        }
        return stack.isEmpty() ? null : stack.get(0);
    }

    /** Returns the line unless it is in a library. */
    private static @Nullable String scriptLine(Matcher frame, String libraries) {
        if (!frame.matches()) {
            return null;
        }
        String folder = frame.group("folder");
        if (folder != null && folder.contains(libraries)) {
            return null;
        }
        String function = frame.group("function");
        return (function == null ? "" : function) + "(" + frame.group("file") + ":" + frame.group("line") + ")";
    }
}
