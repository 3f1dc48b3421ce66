package io.shardmill.aws.protocol;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A part of the heap that requests take shares of, in units of 1 KiB. Thread-safe. */
public final class MemoryPool {

    private static final int UNIT = 1 << 10;

    private final int total;
    private final Semaphore free;

    /** Makes a pool of that many bytes, at least of one unit. */
    public MemoryPool(long bytes) {
        this.total = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT));
        this.free = new Semaphore(total, true);
    }

    /** Returns a fraction of the heap in bytes, but no more than the most. */
    public static long ofHeap(int fraction, long most) {
        return Math.min(most, Runtime.getRuntime().maxMemory() / fraction);
    }

    /** Returns how many bytes are free; others may take them at once. */
    public long free() {
        return (long) free.availablePermits() * UNIT;
    }

    /** Returns a share that has taken nothing yet. */
    public Share share() {
        return new Share();
    }

    /** Takes a share, or all there is if that is less; null if it is not free now. */
    public @Nullable Share tryTake(long bytes) {
        Share share = share();
        return share.growTo(Math.min(bytes, total * (long) UNIT)) ? share : null;
    }

    /** Waits for a share, or for all there is if that is less. Those who wait are served in their order. */
    public Share take(long bytes) throws InterruptedException {
        Share share = share();
        int wanted = Math.min(total, units(bytes));
        free.acquire(wanted);
        share.units = wanted;
        return share;
    }

    private static int units(long bytes) {
        return (int) ((bytes + UNIT - 1) / UNIT);
    }

    /** One request's part. For one thread at a time. */
    public final class Share implements AutoCloseable {

        private int units;

        private Share() {}

        public long bytes() {
            return (long) units * UNIT;
        }

        /** Grows to so many bytes; returns false, unchanged, if they are not free. */
        public boolean growTo(long bytes) {
            int more = units(bytes) - units;
            if (more > 0 && !free.tryAcquire(more)) {
                return false;
            }
            units += Math.max(0, more);
            return true;
        }

        /** Gives back all but that many bytes. */
        public void shrinkTo(long bytes) {
            int kept = Math.min(units, units(bytes));
            free.release(units - kept);
            units = kept;
        }

        /** Gives all of it back. Can be repeated. */
        @Override
        public void close() {
            shrinkTo(0);
        }
    }
}
