package io.shardmill.poller.internal.shard;

/**
 * Lets a shard's lanes begin work within its mapping's {@link Limits}. It asks for one permit and one share of memory at a
 * time; what was granted and not used by the end of the turn goes back. Only a permit for work that waits for memory is kept:
 * a holder of memory never waits for a permit, so it comes back. Touched only inside the shard's turns.
 */
final class LaneAdmission {

    enum Decision {
        ADMITTED,
        NO_PERMIT,
        NO_MEMORY
    }

    private final Permits permits;
    private final MemoryBudget memory;
    private final Runnable permitGranted;
    private final Runnable memoryGranted;

    private int permitsInHand;
    private boolean permitAsked;
    private long memoryInHand;
    private long memoryAsked;
    private int memoryAsker;

    /** Each runs on any thread when what was asked for comes, and leads to the method of its name in a turn. */
    LaneAdmission(Limits limits, Runnable permitGranted, Runnable memoryGranted) {
        this.permits = limits.permits();
        this.memory = limits.memory().events();
        this.permitGranted = permitGranted;
        this.memoryGranted = memoryGranted;
    }

    /** @param bytes of memory; to be given to {@link #release} */
    Decision tryAdmit(int lane, long bytes) {
        if (!takePermit()) {
            return Decision.NO_PERMIT;
        }
        permitsInHand++; // until it is used: a throw must not lose it
        if (!takeMemory(lane, bytes)) {
            return Decision.NO_MEMORY;
        }
        permitsInHand--;
        return Decision.ADMITTED;
    }

    private boolean takePermit() {
        if (permitsInHand > 0) {
            permitsInHand--;
            return true;
        }
        if (permitAsked) {
            return false;
        }
        permitAsked = !permits.tryAcquire(permitGranted);
        return !permitAsked;
    }

    private boolean takeMemory(int lane, long bytes) {
        if (bytes <= memoryInHand) {
            memoryInHand -= bytes;
            return true;
        }
        if (memoryAsked > 0) {
            return false;
        }
        memoryAsked = memory.tryTake(bytes, memoryGranted) ? 0 : bytes;
        memoryAsker = lane;
        return memoryAsked == 0;
    }

    void permitGranted() {
        permitAsked = false;
        permitsInHand++;
    }

    /** Returns the lane that asked for the share. It goes first: others would use up a part, and it would ask anew for ever. */
    int memoryGranted() {
        memoryInHand += memoryAsked;
        memoryAsked = 0;
        return memoryAsker;
    }

    /** Gives back the permit and the memory of what was admitted. */
    void release(long bytes) {
        permits.release();
        memory.giveBack(bytes);
    }

    void giveBackUnused() {
        if (memoryInHand > 0) {
            memory.giveBack(memoryInHand);
            memoryInHand = 0;
        }
        for (; memoryAsked == 0 && permitsInHand > 0; permitsInHand--) {
            permits.release();
        }
    }
}
