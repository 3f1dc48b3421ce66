package io.shardmill.embedded.internal.log;

import java.util.Arrays;

/**
 * Locates frames in a segment approximately: one entry about every 64 KiB, each for a frame's start, with the
 * frame's counter and the latest arrival of everything before it. Thread-safe; rarely used by either side.
 */
final class SparseIndex {

    private static final int STEP_BYTES = 64 << 10;

    private int[] offsets = new int[4];
    private long[] counters = new long[4];
    private long[] maxMillisBefore = new long[4];
    private int size;

    /** Adds the next frame if the last entry is far enough behind. */
    void add(int offset, long counter, long maxBefore) {
        if (size > 0 && offset - lastOffset() < STEP_BYTES) {
            return;
        }
        synchronized (this) {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, size * 2);
                counters = Arrays.copyOf(counters, size * 2);
                maxMillisBefore = Arrays.copyOf(maxMillisBefore, size * 2);
            }
            offsets[size] = offset;
            counters[size] = counter;
            maxMillisBefore[size] = maxBefore;
            size++;
        }
    }

    private int lastOffset() {
        return offsets[size - 1];
    }

    /** Returns a frame's start at or before the first frame whose counter is at least {@code counter}. */
    synchronized int before(long counter) {
        int at = 0;
        while (at < size && counters[at] <= counter) {
            at++;
        }
        return at == 0 ? SegmentHeader.BYTES : offsets[at - 1];
    }

    /** Returns a frame's start at or before the first frame that arrived at or after the time. */
    synchronized int beforeArrival(long millis) {
        int at = 0;
        while (at < size && maxMillisBefore[at] < millis) {
            at++;
        }
        return at == 0 ? SegmentHeader.BYTES : offsets[at - 1];
    }
}
