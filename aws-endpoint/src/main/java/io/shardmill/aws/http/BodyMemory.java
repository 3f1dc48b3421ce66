package io.shardmill.aws.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that the bodies of all requests may take together: half of them for their beginnings, half for all that is beyond,
 * so that long bodies don't keep out short ones. Thread-safe.
 */
final class BodyMemory {

    /** Bytes; a body grows beyond from there only. */
    static final int BEGINNING = 32 << 10;

    private final long half;
    private final AtomicLong beginnings = new AtomicLong();
    private final AtomicLong rests = new AtomicLong();

    BodyMemory(long bytes) {
        this.half = bytes / 2;
    }

    /** Whether there was enough for a body to grow; if not, nothing is taken. */
    boolean grow(int from, int to) {
        AtomicLong taken = from == 0 ? beginnings : rests;
        long more = (long) to - from;
        if (taken.addAndGet(more) > half) {
            taken.addAndGet(-more);
            return false;
        }
        return true;
    }

    /** All that a body of this size took. */
    void giveBack(int size) {
        int beginning = Math.min(size, BEGINNING);
        beginnings.addAndGet(-beginning);
        rests.addAndGet((long) beginning - size);
    }
}
