package io.shardmill.poller.mapping;

import static io.shardmill.poller.mapping.InvalidMappingException.requireRange;

import java.time.Duration;

/**
 * How records become batches (Lambda's {@code BatchSize}, {@code MaximumBatchingWindowInSeconds},
 * {@code ParallelizationFactor}).
 *
 * @param batchSize 1 to 10,000 records
 * @param maximumBatchingWindow 0 to 300 s; 0 invokes with whatever is there
 * @param parallelizationFactor 1 to 10 batches of a shard at once, in order per partition key
 */
public record Batching(int batchSize, Duration maximumBatchingWindow, int parallelizationFactor) {

    private static final Duration MAX_WINDOW = Duration.ofMinutes(5);

    public Batching {
        requireRange("batch-size", batchSize, 1, 10_000);
        if (maximumBatchingWindow.isNegative() || maximumBatchingWindow.compareTo(MAX_WINDOW) > 0) {
            throw new InvalidMappingException(
                    "maximum-batching-window", maximumBatchingWindow, "must be between 0s and 300s");
        }
        requireRange("parallelization-factor", parallelizationFactor, 1, 10);
    }

    /** Lambda's: 100 records, no window, one batch at a time. */
    public static Batching defaults() {
        return new Batching(100, Duration.ZERO, 1);
    }

    public Batching withBatchSize(int batchSize) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor);
    }

    public Batching withWindow(Duration maximumBatchingWindow) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor);
    }

    public Batching withFactor(int parallelizationFactor) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor);
    }
}
