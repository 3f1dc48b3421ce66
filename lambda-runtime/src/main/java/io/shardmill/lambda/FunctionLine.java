package io.shardmill.lambda;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the line of a function's own code in its error document, as Lambda's runtimes of Java, Python and Node.js write
 * it. Anything that does not match a frame exactly is left out: it may quote a payload.
 */
final class FunctionLine {

    private static final Pattern JAVA = Pattern.compile("[\\w.$/<>]{1,300}\\([\\w.$]{1,100}:\\d{1,9}\\)");
    private static final Pattern PYTHON = Pattern.compile(
            "\\s*File \"(?<folder>[^\"\\n]{0,1000}/)?(?<file>[\\w.-]{1,200})\", line (?<line>\\d{1,9}), in (?<function>[\\w<>]{1,200})(\\n.*)?",
            Pattern.DOTALL);
    private static final Pattern NODE = Pattern.compile(
            "\\s*at (?:async )?(?:(?<function>[\\w.$<>]{1,200}) \\()?(?<folder>(?:file:)?/[^()\\n]{0,1000}/)(?<file>[\\w.-]{1,200}):(?<line>\\d{1,9}):\\d{1,9}\\)?");

    private static final Set<String> CLIENTS = Set.of("runtime_client.py", "runtime-client.mjs");

    private FunctionLine() {}

    /** Returns the line that was left last, such as {@code com.acme.Handler.handle(Handler.java:12)}; or null. */
    static @Nullable String of(JsonNode error) {
        String line = ofStackTrace(error.path("stackTrace"));
        return line != null
                ? line
                : ofTrace(error.path("trace"), error.path("errorMessage").asString(""));
    }

    /** Returns the last line of Python, whose most recent call is the last, or the first of Java. */
    private static @Nullable String ofStackTrace(JsonNode frames) {
        String java = null;
        String python = null;
        for (JsonNode frame : frames) {
            String text = frame.asString("");
            String script = scriptLine(PYTHON.matcher(text), "/lib/python");
            if (script != null) {
                python = script;
            } else if (java == null
                    && JAVA.matcher(text).matches()
                    && !text.startsWith("java.")
                    && !text.startsWith("jdk.")) {
                java = text;
            }
        }
        return python != null ? python : java;
    }

    /** Returns the first line of JavaScript. A trace begins with the error's name and message, which may have several lines. */
    private static @Nullable String ofTrace(JsonNode frames, String message) {
        long skipped = message.lines().count();
        for (JsonNode frame : frames) {
            if (skipped-- > 0) {
                continue;
            }
            String script = scriptLine(NODE.matcher(frame.asString("")), "/node_modules/");
            if (script != null) {
                return script;
            }
        }
        return null;
    }

    /** Returns the line unless it is in a library or in Shardmill's own client. */
    private static @Nullable String scriptLine(Matcher frame, String libraries) {
        if (!frame.matches()) {
            return null;
        }
        String folder = frame.group("folder");
        String file = frame.group("file");
        if ((folder != null && folder.contains(libraries)) || CLIENTS.contains(file)) {
            return null;
        }
        String function = frame.group("function");
        return (function == null ? "" : function) + "(" + file + ":" + frame.group("line") + ")";
    }
}
