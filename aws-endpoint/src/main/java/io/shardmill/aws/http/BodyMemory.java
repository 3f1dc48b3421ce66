package io.shardmill.aws.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that the bodies of all requests may take together. Thread-safe. */
final class BodyMemory {

    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    BodyMemory(long bytes) {
        this.bytes = bytes;
    }

    /** Whether there was as much; if not, nothing is taken. */
    boolean take(long more) {
        long now = taken.addAndGet(more);
        if (now > bytes) {
            taken.addAndGet(-more);
            return false;
        }
        return true;
    }

    void giveBack(long fewer) {
        taken.addAndGet(-fewer);
    }
}
