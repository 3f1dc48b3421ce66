package io.shardmill.poller.mapping;

import static io.shardmill.poller.mapping.InvalidMappingException.requireRange;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How records become batches (Lambda's {@code BatchSize}, {@code MaximumBatchingWindowInSeconds},
 * {@code ParallelizationFactor}, {@code TumblingWindowInSeconds}).
 *
 * @param batchSize 1 to 10,000 records
 * @param maximumBatchingWindow 0 to 300 s; 0 invokes with whatever is there
 * @param parallelizationFactor 1 to 10 batches of a shard at once, in order per partition key
 * @param tumblingWindow 0 to 900 s, whole seconds; 0 for no windows. A window is of a whole shard, so it does not go
 *     with a factor above 1 (spec case 22)
 */
public record Batching(
        int batchSize, Duration maximumBatchingWindow, int parallelizationFactor, Duration tumblingWindow) {

    private static final Duration MAX_WINDOW = Duration.ofMinutes(5);
    private static final Duration MAX_TUMBLING_WINDOW = Duration.ofMinutes(15);

    public Batching {
        requireRange("batch-size", batchSize, 1, 10_000);
        if (maximumBatchingWindow.isNegative() || maximumBatchingWindow.compareTo(MAX_WINDOW) > 0) {
            throw new InvalidMappingException(
                    "maximum-batching-window", maximumBatchingWindow, "must be between 0s and 300s");
        }
        requireRange("parallelization-factor", parallelizationFactor, 1, 10);
        if (tumblingWindow.isNegative()
                || tumblingWindow.compareTo(MAX_TUMBLING_WINDOW) > 0
                || !tumblingWindow.equals(tumblingWindow.truncatedTo(ChronoUnit.SECONDS))) {
            throw new InvalidMappingException(
                    "tumbling-window", tumblingWindow, "must be between 0s and 900s, in whole seconds");
        }
        if (!tumblingWindow.isZero() && parallelizationFactor > 1) {
            throw new InvalidMappingException(
                    "tumbling-window",
                    tumblingWindow,
                    "does not go with parallelization-factor " + parallelizationFactor
                            + ": a window is of a whole shard. Leave out one of them");
        }
    }

    /** Without tumbling windows. */
    public Batching(int batchSize, Duration maximumBatchingWindow, int parallelizationFactor) {
        this(batchSize, maximumBatchingWindow, parallelizationFactor, Duration.ZERO);
    }

    /** Lambda's: 100 records, no window, one batch at a time. */
    public static Batching defaults() {
        return new Batching(100, Duration.ZERO, 1);
    }

    public Batching withBatchSize(int batchSize) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor, tumblingWindow);
    }

    public Batching withWindow(Duration maximumBatchingWindow) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor, tumblingWindow);
    }

    public Batching withFactor(int parallelizationFactor) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor, tumblingWindow);
    }

    public Batching withTumblingWindow(Duration tumblingWindow) {
        return new Batching(batchSize, maximumBatchingWindow, parallelizationFactor, tumblingWindow);
    }

    public boolean hasTumblingWindow() {
        return !tumblingWindow.isZero();
    }
}
