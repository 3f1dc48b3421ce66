package io.shardmill.poller.internal.lease;

/**
 * How fast processes notice each other, in milliseconds.
 *
 * @param timeToLiveMillis a process without a heartbeat for longer is dead
 */
public record LeaseTimes(long timeToLiveMillis) {

    public static final LeaseTimes DEFAULT = new LeaseTimes(6_000);

    /** Three heartbeats may be lost. */
    long heartbeatMillis() {
        return timeToLiveMillis / 4;
    }

    /** How often each process reads the members. */
    long lookMillis() {
        return timeToLiveMillis / 8;
    }

    /** How often it looks while shards are on their way from one to another. */
    long hurriedLookMillis() {
        return timeToLiveMillis / 24;
    }

    /** How long after a heartbeat nobody can have taken this process for dead: less than the time to live by a margin for clocks. */
    long certainMillis() {
        return timeToLiveMillis * 5 / 6;
    }
}
