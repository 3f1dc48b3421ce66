package io.shardmill.poller.shard;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many invocations of a mapping may be in the hands of threads at once. First come, first served: a
 * permit that is given back goes to whoever waits longest. Thread-safe, never blocks.
 */
public final class Permits {

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int free;

    public Permits(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits: " + permits + " must be at least 1");
        }
        this.free = permits;
    }

    /**
     * Takes a permit.
     *
     * @param granted run later, on the thread that gives one back, if there is none now; the permit is then
     *     the caller's. Must not block.
     * @return whether the permit is the caller's at once
     */
    public synchronized boolean tryAcquire(Runnable granted) {
        if (free > 0) {
            free--;
            return true;
        }
        waiting.add(granted);
        return false;
    }

    /** Gives a permit back. */
    public void release() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }
}
