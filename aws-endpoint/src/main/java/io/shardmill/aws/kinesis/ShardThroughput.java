package io.shardmill.aws.kinesis;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each shard lets through of one kind: so many calls or records a second, and so many bytes. Thread-safe.
 * Shards that are idle are forgotten, so deleted streams leave nothing behind.
 */
final class ShardThroughput {

    private static final int FORGET_ABOVE = 1_000;

    private final Clock clock;
    private final int countPerSecond;
    private final int bytesPerSecond;
    private final Map<String, Limits> shards = new ConcurrentHashMap<>();

    ShardThroughput(Clock clock, int countPerSecond, int bytesPerSecond) {
        this.clock = clock;
        this.countPerSecond = countPerSecond;
        this.bytesPerSecond = bytesPerSecond;
    }

    private record Limits(TokenBucket count, TokenBucket bytes) {

        synchronized boolean admit(int size, long now) {
            boolean admitted = count.has(1, now) && bytes.has(size, now);
            if (admitted) {
                count.take(1, now);
                bytes.take(size, now);
            }
            return admitted;
        }

        synchronized void charge(double size, long now) {
            bytes.take(size, now);
        }

        synchronized boolean isIdle(long now) {
            return count.isFull(now) && bytes.isFull(now);
        }
    }

    /**
     * Whether one more call or record fits; if so, it is counted.
     *
     * @param shard told apart from all others, of streams deleted too
     * @param bytes known beforehand; of a read 0
     */
    boolean admit(String shard, int bytes) {
        long now = clock.millis();
        if (shards.size() > FORGET_ABOVE) {
            shards.values().removeIf(limits -> limits.isIdle(now));
        }
        return limits(shard, now).admit(bytes, now);
    }

    /** Counts bytes of a call that was admitted. */
    void charge(String shard, long bytes) {
        long now = clock.millis();
        limits(shard, now).charge((double) bytes, now);
    }

    private Limits limits(String shard, long now) {
        return shards.computeIfAbsent(
                shard, id -> new Limits(new TokenBucket(countPerSecond, now), new TokenBucket(bytesPerSecond, now)));
    }

    static String message(String shardId, String stream, String account) {
        return "Rate exceeded for shard " + shardId + " in stream " + stream + " under account " + account + ".";
    }
}
