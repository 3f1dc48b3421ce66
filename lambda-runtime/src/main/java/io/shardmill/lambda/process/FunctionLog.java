package io.shardmill.lambda.process;

import io.shardmill.lambda.internal.LogTail;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One environment's log: what its function prints, a line an event, under {@code shardmill.function.<name>}; what the
 * platform says of it, under {@code shardmill.function.<name>.platform}, what it says of every invocation at {@code DEBUG}.
 * Keeps the last 4 KB of the running invocation. Thread-safe.
 */
final class FunctionLog {

    /** Longer lines are cut into several, between characters. */
    static final int MAX_LINE_BYTES = 32_768;

    /** What an invocation prints beyond this is left out of the log, so that a loop does not fill the disk. */
    static final int MAX_INVOCATION_CHARS = 1 << 20;

    private static final String REQUEST_ID = "requestId";

    private final Logger output;
    private final Logger platform;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final LogTail tail = new LogTail();
    private @Nullable String requestId;
    private int loggedChars;
    private long leftOut;

    FunctionLog(String functionName) {
        this.output = LoggerFactory.getLogger("shardmill.function." + functionName);
        this.platform = LoggerFactory.getLogger("shardmill.function." + functionName + ".platform");
    }

    /** Begins an invocation: what is printed from here on belongs to it. */
    synchronized void begin(String id) {
        endOutput();
        requestId = id;
        tail.clear();
    }

    /** Ends the invocation, and returns the last 4 KB of its log. */
    synchronized byte[] end() {
        endOutput();
        requestId = null;
        return tail.bytes();
    }

    /** A line of the platform's own; the function's unfinished line ends before it. */
    synchronized void platform(String text) {
        endLine();
        tail.add(text);
        log(platform, Level.INFO, text.strip());
    }

    /** A line of the platform's about every invocation. */
    synchronized void routine(String text) {
        endLine();
        tail.add(text);
        log(platform, Level.DEBUG, text.strip());
    }

    private void endOutput() {
        endLine();
        if (leftOut > 0) {
            log(output, Level.WARN, prefix() + "left out " + leftOut + " further lines of the function's output");
        }
        loggedChars = 0;
        leftOut = 0;
    }

    private String prefix() {
        return requestId == null ? "" : requestId + " ";
    }

    private void logOutput(String text) {
        if (loggedChars >= MAX_INVOCATION_CHARS) {
            if (leftOut++ == 0) {
                log(
                        output,
                        Level.WARN,
                        prefix() + "the function has printed more than " + MAX_INVOCATION_CHARS
                                + " characters in one invocation; the rest is left out of this log");
            }
            return;
        }
        loggedChars += text.length() + 1;
        log(output, Level.INFO, prefix() + text);
    }

    synchronized void output(byte[] bytes, int offset, int length) {
        tail.add(bytes, offset, length);
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                logOutput(takeLine());
            } else {
                if (line.size() + characterBytes(bytes[i]) > MAX_LINE_BYTES) {
                    logOutput(takeLine());
                }
                line.write(bytes[i]);
            }
        }
    }

    /** Returns the length of the UTF-8 character that begins with this byte; 1 if none does. */
    private static int characterBytes(byte first) {
        int leadingOnes = Integer.numberOfLeadingZeros(~(first << 24));
        return leadingOnes >= 2 && leadingOnes <= 4 ? leadingOnes : 1;
    }

    private void endLine() {
        if (line.size() > 0) {
            tail.add("");
            logOutput(takeLine());
        }
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void log(Logger logger, Level level, String text) {
        if (requestId == null) {
            logger.atLevel(level).log("{}", text);
            return;
        }
        String before = MDC.get(REQUEST_ID);
        MDC.put(REQUEST_ID, requestId);
        try {
            logger.atLevel(level).log("{}", text);
        } finally {
            if (before == null) {
                MDC.remove(REQUEST_ID);
            } else {
                MDC.put(REQUEST_ID, before);
            }
        }
    }
}
