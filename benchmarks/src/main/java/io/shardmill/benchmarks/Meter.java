package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.runtime.BatchFunction;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A function that only looks at each record, and the time from the first batch it gets to the last one. */
final class Meter implements BatchFunction {

    private static final int PATIENCE_SECONDS = 120;

    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong firstNanos = new AtomicLong();
    private volatile long expected;
    private volatile long lastNanos;
    private volatile CountDownLatch done = new CountDownLatch(0);

    /** Begins to measure until this many records are seen. To be called while nothing is delivered. */
    void expect(long records) {
        seen.set(0);
        firstNanos.set(0);
        expected = records;
        done = new CountDownLatch(1);
    }

    @Override
    public Result invoke(List<Record> batch) {
        if (firstNanos.get() == 0) {
            firstNanos.compareAndSet(0, System.nanoTime());
        }
        long bytes = 0;
        for (Record record : batch) {
            bytes += record.size();
        }
        if (bytes > 0 && seen.addAndGet(batch.size()) == expected) {
            lastNanos = System.nanoTime();
            done.countDown();
        }
        return Result.success();
    }

    @Override
    public boolean reportsItemFailures() {
        return true;
    }

    /** Records seen since {@link #expect}. */
    long seen() {
        return seen.get();
    }

    /** Waits for the last of the expected records; nanoseconds since the first. */
    long awaitNanos() throws InterruptedException {
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(seen + " of " + expected + " records delivered within " + PATIENCE_SECONDS
                    + " s: something is wrong, look at the log");
        }
        return lastNanos - firstNanos.get();
    }
}
