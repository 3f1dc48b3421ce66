package io.shardmill.embedded;

import java.time.Instant;

/**
 * Numbers a folder's openings. Each is larger than the one before and at least the number of seconds
 * since 2020: a folder that was copied, used, and replaced by its copy does not give a number again that was given
 * between copy and replacement, unless the clock was set back or more than one number a second was used.
 */
final class OpeningNumbers {

    private static final long EPOCH_SECOND =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
    /** Clocks beyond 2071 are wrong or late: from there on, numbers only count. */
    private static final long MAX_OF_CLOCK = Integer.MAX_VALUE - (1L << 29);

    private OpeningNumbers() {}

    static int after(int last, Instant now) {
        long seconds = Math.min(now.getEpochSecond() - EPOCH_SECOND, MAX_OF_CLOCK);
        return (int) Math.max(last + 1L, seconds);
    }
}
