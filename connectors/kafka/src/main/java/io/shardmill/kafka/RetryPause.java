package io.shardmill.kafka;

/** Delays the retry of one failed call without delaying anything else. Touched by the polling thread only. */
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
