package io.shardmill.poller.internal.shard;

/**
 * A part of the heap that is given out in shares, in the order in which they are asked for: a large share is not overtaken by
 * small ones. Thread-safe.
 */
public final class MemoryBudget {

    private final long total;
    private final Shares shares;

    /** @param bytes at least 1 */
    public MemoryBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("memory: " + bytes + " bytes; must be at least 1");
        }
        this.total = bytes;
        this.shares = new Shares(bytes);
    }

    /** Returns all bytes there are, given out or not. */
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
    public boolean tryTake(long bytes, Runnable granted) {
        if (bytes > total) {
            throw new IllegalArgumentException("memory: a share of " + bytes + " bytes; there are " + total);
        }
        return shares.tryTake(bytes, granted);
    }

    /** Takes what is held already, whether it is free or not: nobody else gets a share until that much is given back. */
    public void takeHeld(long bytes) {
        shares.takeHeld(bytes);
    }

    /** Gives a share back, or a part of it. Throws nothing, whatever those do that are granted it. */
    public void giveBack(long bytes) {
        shares.giveBack(bytes);
    }
}
