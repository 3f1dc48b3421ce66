package io.shardmill.lambda.internal;

import java.nio.charset.StandardCharsets;

/** The last 4 KB of what was logged. Thread-safe. */
public final class LogTail {

    public static final int MAX_BYTES = 4_096;

    private final byte[] ring = new byte[MAX_BYTES];
    private long written;

    /** Adds a line. */
    public void add(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        add(bytes, 0, bytes.length);
    }

    /** Adds bytes as they are. */
    public synchronized void add(byte[] bytes, int offset, int length) {
        int skipped = Math.max(0, length - MAX_BYTES);
        written += skipped;
        for (int i = offset + skipped; i < offset + length; i++) {
            ring[(int) (written++ % MAX_BYTES)] = bytes[i];
        }
    }

    /** Forgets everything. */
    public synchronized void clear() {
        written = 0;
    }

    /** Returns the last bytes, in the order in which they were added. */
    public synchronized byte[] bytes() {
        byte[] last = new byte[(int) Math.min(written, MAX_BYTES)];
        for (int i = 0; i < last.length; i++) {
            last[i] = ring[(int) ((written - last.length + i) % MAX_BYTES)];
        }
        return last;
    }
}
