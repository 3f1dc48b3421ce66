package io.shardmill.kinesis;

import java.time.Duration;

/**
 * How often a shard is asked for records. A shard that is behind is read without a pause within the limits; at its tip the pause
 * doubles from {@code minimumIdle} to {@code maximumIdle} until records come.
 *
 * @param minimumIdle pause after the tip was reached, 0 or longer
 * @param maximumIdle longest pause at the tip, not shorter than {@code minimumIdle}, at most 5 minutes
 * @param readsPerSecond reads of a shard in a second at most, 1 to 1,000; Kinesis allows 5 to all readers of a shard together
 * @param bytesPerSecond bytes of a shard in a second at most, on average, 1 or more; Kinesis allows 2 MB to all its readers
 */
public record Polling(Duration minimumIdle, Duration maximumIdle, int readsPerSecond, long bytesPerSecond) {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_READS = 1_000;

    /** @throws IllegalArgumentException if a value is out of its range; the message begins with its name */
    public Polling {
        if (minimumIdle.isNegative() || minimumIdle.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("minimum-idle: " + minimumIdle + " must be 0s to 5m");
        }
        if (maximumIdle.compareTo(minimumIdle) < 0 || maximumIdle.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "maximum-idle: " + maximumIdle + " must be from minimum-idle (" + minimumIdle + ") to 5m");
        }
        if (readsPerSecond < 1 || readsPerSecond > MOST_READS) {
            throw new IllegalArgumentException("reads-per-second: " + readsPerSecond + " must be 1 to 1000");
        }
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytes-per-second: " + bytesPerSecond + " must be 1 or more");
        }
    }

    /** Kinesis's own limits; 200 ms to 1 s of pause at the tip. */
    public static Polling defaults() {
        return new Polling(Duration.ofMillis(200), Duration.ofSeconds(1), 5, 2_000_000);
    }
}
