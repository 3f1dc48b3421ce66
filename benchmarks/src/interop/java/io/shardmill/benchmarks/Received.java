package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The handler of both readers: looks at each record, throws where it is told to, and knows what it got. Thread-safe. */
final class Received implements ReadCounts {

    /** How things stood. */
    private record Point(long nanos, long cpuNanos, Map<String, Long> sent) {

        static Point now() {
            return new Point(System.nanoTime(), Machine.cpuNanos(), RequestCount.sent());
        }
    }

    private final ReadOrder order;
    private final BitSet handled = new BitSet();
    private final List<Long> latencies = new ArrayList<>();
    private long invocations;
    private long deliveries;
    private Point begin = Point.now();
    private Point end = begin;
    private long failedNanos;

    Received(ReadOrder order) {
        this.order = order;
    }

    /** Notes that the reader asks for its first records. */
    synchronized void begin() {
        begin = Point.now();
    }

    /** Takes a batch, or throws, as the order wants it. */
    synchronized void accept(List<StampedRecord> batch) {
        invocations++;
        deliveries += batch.size();
        if (batch.stream().anyMatch(record -> record.number() == order.poison())
                && (failedNanos == 0 || order.failure() == ReadOrder.Failure.THROW_ALWAYS)) {
            failedNanos = failedNanos == 0 ? System.nanoTime() : failedNanos;
            throw new IllegalStateException("The benchmark's handler throws on purpose");
        }
        if (order.records() == ReadOrder.OPEN) {
            long now = StampedRecord.nowMicros();
            batch.forEach(record -> latencies.add(now - record.micros()));
        }
        boolean isOver = isHandled(order.awaitedFrom(), order.records());
        batch.forEach(record -> handled.set(record.number()));
        if (!isOver) {
            end = Point.now();
        }
        notifyAll();
    }

    private boolean isHandled(int from, int to) {
        return handled.nextClearBit(from) >= to;
    }

    /** Waits until the batches with all of these records have returned; returns whether they have. */
    synchronized boolean await(int from, int to, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !isHandled(from, to) && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return isHandled(from, to);
    }

    @Override
    public synchronized List<Long> takeLatencies() {
        List<Long> taken = List.copyOf(latencies);
        latencies.clear();
        return taken;
    }

    /** Returns what came; times and requests are from the first request for records to the end of the last batch that was awaited. */
    @Override
    public synchronized Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("handled", (long) handled.cardinality());
        figures.put("expected", (long) order.records());
        figures.put("invocations", invocations);
        figures.put("deliveries", deliveries);
        figures.put("nanos", end.nanos() - begin.nanos());
        figures.put("cpuNanos", end.cpuNanos() - begin.cpuNanos());
        figures.put("nanosFromFailure", end.nanos() - failedNanos);
        end.sent()
                .forEach((operation, count) ->
                        figures.put(operation, count - begin.sent().getOrDefault(operation, 0L)));
        return figures;
    }
}
