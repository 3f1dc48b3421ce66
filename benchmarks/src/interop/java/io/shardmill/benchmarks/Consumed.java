package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The function of all contestants: does what its order says with each record, and knows what it got. Thread-safe. */
final class Consumed implements ReadCounts {

    /** How things stood. */
    private record Point(long nanos, long cpuNanos) {

        static Point now() {
            return new Point(System.nanoTime(), Machine.cpuNanos());
        }
    }

    private final ConsumeOrder order;
    /** How often each record was handled. An array of bytes, which threads write side by side. */
    private final byte[] handled;

    private final KeyOrder keys = new KeyOrder(TopicFeed.KEYS);
    private final LongAdder invocations = new LongAdder();
    private final LongAdder deliveries = new LongAdder();
    private final AtomicInteger handledOnce = new AtomicInteger();
    private final AtomicReference<@Nullable Point> begin = new AtomicReference<>();
    private final AtomicReference<@Nullable Point> failed = new AtomicReference<>();
    private final AtomicReference<@Nullable Point> end = new AtomicReference<>();
    private final List<Long> latencies = new ArrayList<>();

    Consumed(ConsumeOrder order) {
        this.order = order;
        this.handled = new byte[order.records()];
    }

    /**
     * Handles all of a batch or nothing of it.
     *
     * @throws PoisonException if the poison is in it
     */
    void accept(List<StampedRecord> batch) throws InterruptedException {
        int failure = arrive(batch);
        if (failure < batch.size()) {
            throw new PoisonException(failure);
        }
        handle(batch);
    }

    /** Handles a batch up to the poison; returns how many records that are. */
    int acceptUpToPoison(List<StampedRecord> batch) throws InterruptedException {
        int failure = arrive(batch);
        handle(batch.subList(0, failure));
        return failure;
    }

    /** Returns the index of the poison, or the size of the batch. */
    private int arrive(List<StampedRecord> batch) {
        if (begin.get() == null) {
            begin.compareAndSet(null, Point.now());
        }
        invocations.increment();
        deliveries.add(batch.size());
        for (int index = 0; order.poison() >= 0 && index < batch.size(); index++) {
            if (batch.get(index).number() == order.poison()) {
                failed.compareAndSet(null, Point.now());
                return index;
            }
        }
        return batch.size();
    }

    private void handle(List<StampedRecord> batch) throws InterruptedException {
        int news = 0;
        for (StampedRecord record : batch) {
            if (order.waitMillis() > 0) {
                work(record.number());
            }
            if (handled[record.number()]++ == 0) {
                news++;
            }
        }
        if (order.isTimed()) {
            time(batch);
        }
        int all = handledOnce.addAndGet(news);
        if (news > 0 && (all == order.records() || order.poison() >= 0)) {
            end.set(Point.now());
        }
    }

    private void work(int number) throws InterruptedException {
        int key = TopicFeed.key(number);
        keys.begin(key, number);
        Thread.sleep(order.waitMillis());
        keys.end(key);
    }

    private void time(List<StampedRecord> batch) {
        long now = StampedRecord.nowMicros();
        synchronized (latencies) {
            batch.forEach(record -> latencies.add(now - record.micros()));
        }
    }

    /** Waits until so many records are handled; returns whether they are. */
    boolean await(int count, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (handledOnce.get() < count && System.nanoTime() < deadline) {
            Thread.sleep(5); // the contestants are not to pay for being watched
        }
        return handledOnce.get() >= count;
    }

    @Override
    public List<Long> takeLatencies() {
        synchronized (latencies) {
            List<Long> taken = List.copyOf(latencies);
            latencies.clear();
            return taken;
        }
    }

    /** Returns what came; times end when the last record was handled that had not been before. */
    @Override
    public Map<String, Long> figures() {
        Point last = Objects.requireNonNullElseGet(end.get(), Point::now);
        Point first = Objects.requireNonNullElse(begin.get(), last);
        Point failure = Objects.requireNonNullElse(failed.get(), last);
        long count = 0;
        for (byte times : handled) {
            count += times > 0 ? 1 : 0;
        }
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("handled", count);
        figures.put("expected", (long) order.records());
        figures.put("invocations", invocations.sum());
        figures.put("deliveries", deliveries.sum());
        figures.put("violations", keys.violations());
        figures.put("nanos", last.nanos() - first.nanos());
        figures.put("cpuNanos", last.cpuNanos() - first.cpuNanos());
        figures.put("nanosFromFailure", last.nanos() - failure.nanos());
        return figures;
    }
}
