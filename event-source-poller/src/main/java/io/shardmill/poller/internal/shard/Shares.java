package io.shardmill.poller.internal.shard;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A number of units that are given out in shares, first come, first served. Thread-safe, never blocks. Nothing is allocated
 * between taking a request off the queue and granting it, and a grant that throws does not affect the next one.
 */
final class Shares {

    private record Request(long units, Runnable granted) {}

    /** Unlike an {@code ArrayDeque}, it loses nothing when an addition runs out of memory. */
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

    /** Negative while more is held than was asked for. */
    private long free;

    Shares(long units) {
        this.free = units;
    }

    /**
     * Takes a share.
     *
     * @param granted run later, on the thread that gives back, if there is too little now; the share is then the caller's.
     *     Must not block.
     * @return whether the share is the caller's at once
     */
    synchronized boolean tryTake(long units, Runnable granted) {
        if (waiting.isEmpty() && units <= free) {
            free -= units;
            return true;
        }
        waiting.add(new Request(units, granted));
        return false;
    }

    /** Takes units whether they are free or not. */
    synchronized void takeHeld(long units) {
        free -= units;
    }

    /** Gives units back, and grants what they suffice for. Throws nothing. */
    void giveBack(long units) {
        for (Request next = poll(units); next != null; next = poll(0)) {
            try {
                next.granted().run();
            } catch (RuntimeException | Error fault) { // the share is the caller's nevertheless
                Faults.log("A shard could not be woken for what it was granted", fault);
            }
        }
    }

    /** Returns the next request that can be granted with so many units more. */
    private synchronized @Nullable Request poll(long givenBack) {
        free += givenBack;
        Request next = waiting.peek();
        if (next == null || next.units() > free) {
            return null;
        }
        waiting.remove();
        free -= next.units();
        return next;
    }
}
