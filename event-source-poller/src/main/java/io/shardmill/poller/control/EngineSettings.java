package io.shardmill.poller.control;

import io.shardmill.runtime.DurationText;
import java.time.Duration;

/**
 * How the engine works, whatever the mapping.
 *
 * @param namespace whose checkpoints
 * @param checkpointInterval the least time between two saves: what a crash may deliver again
 * @param checkpointPatience how long saves may fail before shards stop working
 * @param shutdownTimeout how long a stop takes at most; it waits nine tenths of that for running invocations
 * @param maximumConcurrency how many invocations of one mapping may run at once, whatever its shards and
 *     lanes: more of them wait for a permit
 * @param showPayloads whether logs and endpoints may show messages of exceptions, which may quote payloads
 */
public record EngineSettings(
        String namespace,
        Duration checkpointInterval,
        Duration checkpointPatience,
        Duration shutdownTimeout,
        int maximumConcurrency,
        boolean showPayloads) {

    public EngineSettings {
        if (namespace.isBlank() || namespace.length() > 128) {
            throw new IllegalArgumentException("namespace: '" + namespace + "' must have 1 to 128 characters");
        }
        requirePositive("checkpoint-interval", checkpointInterval);
        requirePositive("checkpoint-patience", checkpointPatience);
        requirePositive("shutdown-timeout", shutdownTimeout);
        if (maximumConcurrency < 1 || maximumConcurrency > 10_000) {
            throw new IllegalArgumentException(
                    "maximum-concurrency: " + maximumConcurrency + " must be between 1 and 10000");
        }
    }

    private static void requirePositive(String property, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(property + ": " + DurationText.of(duration) + " must be longer than 0");
        }
    }

    public static EngineSettings defaults(String namespace) {
        return new EngineSettings(
                namespace, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(25), 256, false);
    }
}
