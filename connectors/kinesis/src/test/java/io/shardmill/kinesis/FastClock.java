package io.shardmill.kinesis;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Runs faster than time: the five seconds after which a subscription may be taken over are soon past. */
final class FastClock extends Clock {

    private static final int FACTOR = 20;

    private final long started = System.nanoTime();
    private final Instant first;

    FastClock(Instant first) {
        this.first = first;
    }

    @Override
    public Instant instant() {
        return first.plusNanos((System.nanoTime() - started) * FACTOR);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
