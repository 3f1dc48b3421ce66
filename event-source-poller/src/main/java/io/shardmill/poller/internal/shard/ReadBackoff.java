package io.shardmill.poller.internal.shard;

import io.shardmill.poller.stream.ReadResult;
import org.jspecify.annotations.Nullable;

/** Delays the next read of a shard that could not be read, and keeps the reason. */
final class ReadBackoff {

    private long notBefore;
    private long delay;
    private @Nullable String problem;

    /** Returns whether it could be read until now. */
    boolean begin(ReadResult.Unavailable unavailable, long now) {
        boolean wasReadable = problem == null;
        problem = unavailable.reason();
        delay = Math.max(1, unavailable.retryAfter().toMillis());
        notBefore = now + delay;
        return wasReadable;
    }

    /** Ends the wait at its time, or if the clock was set back. */
    void update(long now) {
        if (now >= notBefore || notBefore - now > delay) {
            notBefore = 0;
        }
    }

    /** Clears the problem: the shard could be read. */
    void end() {
        problem = null;
    }

    boolean isWaiting() {
        return notBefore != 0;
    }

    /** Returns when to read again; the end of time if nothing hinders it. */
    long due() {
        return notBefore == 0 ? Long.MAX_VALUE : notBefore;
    }

    @Nullable
    String problem() {
        return problem;
    }
}
