package io.shardmill.kinesis;

/** Spreads the reads of one shard so that all readers in this process together stay within its limits. Thread-safe. */
final class ShardQuota {

    private static final long SECOND = 1_000;

    private final Polling polling;
    private long readsFreeAt = Long.MIN_VALUE;
    private long bytesFreeAt = Long.MIN_VALUE;

    ShardQuota(Polling polling) {
        this.polling = polling;
    }

    /** Takes the next read; returns when it may begin, in milliseconds of a clock that never goes back, not before {@code now}. */
    synchronized long take(long now) {
        long begin = Math.max(now, Math.max(readsFreeAt, bytesFreeAt));
        readsFreeAt = begin + SECOND / polling.readsPerSecond();
        return begin;
    }

    /** Accounts for what a read has brought. */
    synchronized void spend(long bytes, long now) {
        bytesFreeAt = Math.max(bytesFreeAt, now) + bytes * SECOND / polling.bytesPerSecond();
    }
}
