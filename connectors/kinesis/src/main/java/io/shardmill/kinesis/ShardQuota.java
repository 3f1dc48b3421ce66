package io.shardmill.kinesis;

/** Spreads the reads of one shard so that all readers in this process together stay within its limits. Thread-safe. */
final class ShardQuota {

    private static final long SECOND = 1_000;

    private final Polling polling;
    private long freeAt = Long.MIN_VALUE;

    ShardQuota(Polling polling) {
        this.polling = polling;
    }

    /** Takes the next read; returns when it may begin, in milliseconds since the epoch, not before {@code now}. */
    synchronized long take(long now) {
        long begin = Math.max(now, freeAt);
        freeAt = begin + SECOND / polling.readsPerSecond();
        return begin;
    }

    /** Accounts for what a read has brought. */
    synchronized void spend(long bytes, long now) {
        freeAt = Math.max(freeAt, now + bytes * SECOND / polling.bytesPerSecond());
    }
}
