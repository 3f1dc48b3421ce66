package io.shardmill.poller.control;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time it was made at, and from then on what has really passed, whatever is done to the clock meanwhile: for
 * intervals. Thread-safe.
 */
final class SteadyClock implements InstantSource {

    private final long startMillis;
    private final long startNanos = System.nanoTime();

    SteadyClock(InstantSource clock) {
        this.startMillis = clock.millis();
    }

    @Override
    public long millis() {
        return startMillis + (System.nanoTime() - startNanos) / 1_000_000;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
