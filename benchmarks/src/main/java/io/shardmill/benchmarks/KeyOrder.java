package io.shardmill.benchmarks;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/** Notices when a key's records come out of order or two at once. Thread-safe. */
final class KeyOrder {

    private final AtomicIntegerArray last;
    private final AtomicIntegerArray atOnce;
    private final LongAdder violations = new LongAdder();

    /** @param keys numbered from 0 */
    KeyOrder(int keys) {
        last = new AtomicIntegerArray(keys);
        atOnce = new AtomicIntegerArray(keys);
    }

    /** @param number of the record; a key's grow */
    void begin(int key, int number) {
        boolean isAlone = atOnce.incrementAndGet(key) == 1;
        boolean isLater = last.getAndSet(key, number + 1) <= number;
        if (!isAlone || !isLater) {
            violations.increment();
        }
    }

    void end(int key) {
        atOnce.decrementAndGet(key);
    }

    long violations() {
        return violations.sum();
    }
}
