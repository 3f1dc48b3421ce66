package io.shardmill.kafka;

/** A pause after a failure, before the same is tried again: meanwhile everything else goes on. Touched by the polling thread only. */
final class RetryPause {

    private static final long PAUSE_NANOS = 2_000_000_000;

    private long next = System.nanoTime();

    boolean isOver() {
        return System.nanoTime() - next >= 0;
    }

    void begin() {
        next = System.nanoTime() + PAUSE_NANOS;
    }
}
