package io.shardmill.poller.internal.shard;

/**
 * Bounds how many invocations of a mapping run at once. First come, first served: a released permit goes to the longest
 * waiter. Thread-safe, never blocks.
 */
public final class Permits {

    private final int permits;
    private final Shares shares;

    public Permits(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits: " + permits + " must be at least 1");
        }
        this.permits = permits;
        this.shares = new Shares(permits);
    }

    /**
     * Takes a permit.
     *
     * @param granted run later, on the thread that gives one back, if there is none now; the permit is then
     *     the caller's. Must not block.
     * @return whether the permit is the caller's at once
     */
    public boolean tryAcquire(Runnable granted) {
        return shares.tryTake(1, granted);
    }

    /** Runs {@code returned} once, when all permits are back; nobody asks for one any more. */
    public void whenAllReturned(Runnable returned) {
        if (shares.tryTake(permits, returned)) {
            returned.run();
        }
    }

    /** Gives a permit back. Throws nothing, whatever those do that are granted it. */
    public void release() {
        shares.giveBack(1);
    }
}
