package io.shardmill.aws.kinesis;

import java.util.concurrent.Semaphore;

/**
 * Bytes that the events of all subscriptions may take together while they are read, encoded and, if they are large,
 * sent. Thread-safe.
 */
final class EventMemory {

    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore left;

    EventMemory(long bytes) {
        this.units = (int) Math.max(1, bytes / UNIT);
        this.left = new Semaphore(units, true);
    }

    /** Waits until there are as many, or all there are; nothing may be held meanwhile. */
    Share take(long bytes) throws InterruptedException {
        Share share = new Share(inUnits(bytes));
        left.acquire(share.taken);
        return share;
    }

    private int inUnits(long bytes) {
        return (int) Math.min(units, (bytes + UNIT - 1) / UNIT);
    }

    /** What one event has of it; for one thread. */
    final class Share implements AutoCloseable {

        private int taken;

        private Share(int taken) {
            this.taken = taken;
        }

        /** Gives back all but that many bytes. */
        void keep(long bytes) {
            int kept = Math.min(taken, inUnits(bytes));
            left.release(taken - kept);
            taken = kept;
        }

        @Override
        public void close() {
            keep(0);
        }
    }
}
