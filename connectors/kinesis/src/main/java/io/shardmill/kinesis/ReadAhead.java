package io.shardmill.kinesis;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what all readers hold that nobody has asked for yet. A read that the engine asks for is never refused: the engine has
 * taken memory for it. Thread-safe.
 */
final class ReadAhead {

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    ReadAhead(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Returns whether a reader may ask for records before the engine wants them. */
    boolean hasRoom() {
        return held.get() < maxBytes;
    }

    /** Accounts for bytes that came, or, negative, that were taken. */
    void hold(long bytes) {
        held.addAndGet(bytes);
    }
}
