package io.shardmill.lambda.deploy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The last 4 KB of lines. Thread-safe. */
final class LogTail {

    private static final int MAX_BYTES = 4_096;

    private byte[] last = new byte[0];

    synchronized void add(String line) {
        byte[] more = (line + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(last, last.length + more.length);
        System.arraycopy(more, 0, both, last.length, more.length);
        last = Arrays.copyOfRange(both, Math.max(0, both.length - MAX_BYTES), both.length);
    }

    synchronized byte[] bytes() {
        return last.clone();
    }
}
