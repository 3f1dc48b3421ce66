package io.shardmill.runtime;

import java.time.Duration;

/**
 * How a function is run.
 *
 * @param timeout 1 ms to 15 min (Lambda's longest); an invocation that takes longer is a failed attempt
 * @param reservedConcurrency how many invocations may run at once, beyond which a batch is throttled; 0
 *     throttles every batch, as on Lambda; {@link #UNLIMITED} for no limit
 */
public record FunctionSettings(Duration timeout, int reservedConcurrency) {

    public static final int UNLIMITED = -1;

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);

    public FunctionSettings {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout: " + DurationText.of(timeout) + " must be between 1ms and 15m");
        }
        if (reservedConcurrency < UNLIMITED) {
            throw new IllegalArgumentException(
                    "reserved-concurrency: " + reservedConcurrency + " must be 0 or more, or -1 for no limit");
        }
    }

    public static FunctionSettings defaults() {
        return new FunctionSettings(DEFAULT_TIMEOUT, UNLIMITED);
    }
}
