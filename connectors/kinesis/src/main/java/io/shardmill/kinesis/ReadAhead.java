package io.shardmill.kinesis;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what all readers hold that the engine has not taken, and what is on the way to them. While that is more than the bound, readers
 * ask for nothing before the engine wants it, and then for a small page only: beyond the bound each shard holds that at most.
 * Thread-safe.
 */
final class ReadAhead {

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    ReadAhead(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Returns whether a reader may ask for a full page, and before the engine wants it. */
    boolean hasRoom() {
        return held.get() < maxBytes;
    }

    /** Accounts for bytes that came, or, negative, that were taken. */
    void hold(long bytes) {
        held.addAndGet(bytes);
    }
}
