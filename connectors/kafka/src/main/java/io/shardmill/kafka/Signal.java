package io.shardmill.kafka;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a thread wait for what others do. Thread-safe. */
final class Signal {

    private static final Logger LOG = LoggerFactory.getLogger(Signal.class);

    /** What somebody waits for may be so now. */
    synchronized void give() {
        notifyAll();
    }

    /** Waits until it is so, for a while at most; returns whether it is. */
    synchronized boolean await(Duration most, BooleanSupplier condition) {
        long deadline = System.nanoTime() + most.toNanos();
        try {
            for (long left = deadline - System.nanoTime();
                    left > 0 && !condition.getAsBoolean();
                    left = deadline - System.nanoTime()) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException ignored) { // by nobody of ours: the threads that wait are private
            LOG.debug("Interrupted", ignored);
        }
        return condition.getAsBoolean();
    }
}
