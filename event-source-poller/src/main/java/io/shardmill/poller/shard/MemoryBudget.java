package io.shardmill.poller.shard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A part of the heap that is given out in shares, in the order in which they are asked for: a large share is not overtaken by
 * small ones. Thread-safe.
 */
public final class MemoryBudget {

    private record Request(long bytes, Runnable granted) {}

    private final long total;
    private final Deque<Request> waiting = new ArrayDeque<>();

    /** Negative while more is held than was asked for. */
    private long free;

    /** @param bytes at least 1 */
    public MemoryBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("memory: " + bytes + " bytes; must be at least 1");
        }
        this.total = bytes;
        this.free = bytes;
    }

    /** All bytes there are, given out or not. */
    public long total() {
        return total;
    }

    /**
     * Takes a share.
     *
     * @param bytes at most {@link #total()}
     * @param granted run later, on the thread that gives back, if there is too little now; the share is then the caller's.
     *     Must not block.
     * @return whether the share is the caller's at once
     */
    public synchronized boolean tryTake(long bytes, Runnable granted) {
        if (bytes > total) {
            throw new IllegalArgumentException("memory: a share of " + bytes + " bytes; there are " + total);
        }
        if (waiting.isEmpty() && bytes <= free) {
            free -= bytes;
            return true;
        }
        waiting.add(new Request(bytes, granted));
        return false;
    }

    /** Takes what is held already, whether it is free or not: nobody else gets a share until that much is given back. */
    public synchronized void takeHeld(long bytes) {
        free -= bytes;
    }

    /** Gives a share back, or a part of it. */
    public void giveBack(long bytes) {
        List<Request> granted = List.of();
        synchronized (this) {
            free += bytes;
            while (!waiting.isEmpty() && waiting.element().bytes() <= free) {
                Request next = waiting.remove();
                free -= next.bytes();
                granted = granted.isEmpty() ? new ArrayList<>() : granted;
                granted.add(next);
            }
        }
        granted.forEach(request -> request.granted().run());
    }
}
