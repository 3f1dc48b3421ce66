package io.shardmill.lambda.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One environment's log: what its function prints, a line an event, under {@code shardmill.function.<name>}; what the
 * platform says of it, under {@code shardmill.function.<name>.platform}. Keeps the last 4 KB of the running
 * invocation. Thread-safe.
 */
final class FunctionLog {

    /** Longer lines are cut into several. */
    static final int MAX_LINE_BYTES = 32_768;

    static final int TAIL_BYTES = 4_096;
    private static final String REQUEST_ID = "requestId";

    private final Logger output;
    private final Logger platform;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] tail = new byte[TAIL_BYTES];
    private long tailed;
    private final Set<String> running = new HashSet<>();
    private @Nullable String requestId;

    FunctionLog(String functionName) {
        this.output = LoggerFactory.getLogger("shardmill.function." + functionName);
        this.platform = LoggerFactory.getLogger("shardmill.function." + functionName + ".platform");
    }

    /** What is printed from here on belongs to this invocation. */
    synchronized void begin(String id) {
        endLine();
        running.add(id);
        requestId = running.size() == 1 ? id : null; // of several, nobody knows whose a line is
        tailed = running.size() == 1 ? 0 : tailed;
    }

    /** The last 4 KB, after which what is printed doesn't belong to the invocation any more. */
    synchronized byte[] end(String id) {
        endLine();
        running.remove(id);
        requestId = running.size() == 1 ? running.iterator().next() : null;
        int length = (int) Math.min(tailed, TAIL_BYTES);
        byte[] last = new byte[length];
        for (int i = 0; i < length; i++) {
            last[i] = tail[(int) ((tailed - length + i) % TAIL_BYTES)];
        }
        return last;
    }

    /** A line of the platform's own; the function's unfinished line ends before it. */
    synchronized void platform(String text) {
        endLine();
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        keep(bytes, 0, bytes.length);
        log(platform, "", text.strip());
    }

    synchronized void output(byte[] bytes, int offset, int length) {
        keep(bytes, offset, length);
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                log(output, requestId + " ", takeLine());
            } else {
                line.write(bytes[i]);
                if (line.size() == MAX_LINE_BYTES) {
                    log(output, requestId + " ", takeLine());
                }
            }
        }
    }

    private void endLine() {
        if (line.size() > 0) {
            keep(new byte[] {'\n'}, 0, 1);
            log(output, requestId + " ", takeLine());
        }
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void keep(byte[] bytes, int offset, int length) {
        int from = Math.max(0, length - TAIL_BYTES);
        tailed += from;
        for (byte each : Arrays.copyOfRange(bytes, offset + from, offset + length)) {
            tail[(int) (tailed++ % TAIL_BYTES)] = each;
        }
    }

    private void log(Logger logger, String prefix, String text) {
        if (requestId == null) {
            logger.info("{}", text);
            return;
        }
        String before = MDC.get(REQUEST_ID);
        MDC.put(REQUEST_ID, requestId);
        try {
            logger.info("{}{}", prefix, text);
        } finally {
            if (before == null) {
                MDC.remove(REQUEST_ID);
            } else {
                MDC.put(REQUEST_ID, before);
            }
        }
    }
}
