package io.shardmill.poller.shard;

/**
 * A shard's dealings with its mapping's {@link Permits}: it asks for one at a time, and a permit that was
 * granted and not used by the end of the turn goes back. Touched only inside the shard's turns.
 */
final class LanePermits {

    private final Permits permits;
    private final Runnable granted;
    private int inHand;
    private boolean asked;

    /** @param granted run on any thread when a permit comes; leads to {@link #granted()} in a turn */
    LanePermits(Permits permits, Runnable granted) {
        this.permits = permits;
        this.granted = granted;
    }

    boolean tryAcquire() {
        if (inHand > 0) {
            inHand--;
            return true;
        }
        if (asked) {
            return false;
        }
        asked = !permits.tryAcquire(granted);
        return !asked;
    }

    void granted() {
        asked = false;
        inHand++;
    }

    void release() {
        permits.release();
    }

    void giveBackUnused() {
        for (; inHand > 0; inHand--) {
            permits.release();
        }
    }
}
