package io.shardmill.aws.kinesis;

/**
 * So much a second, and at once as much as a second gives. Belongs to one shard's limits, which guard it.
 * Times are in milliseconds and may stand still or go back.
 */
final class TokenBucket {

    private final double perSecond;
    private double tokens;
    private long filledMillis;
    private boolean overdrawn;

    TokenBucket(double perSecond, long nowMillis) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.filledMillis = nowMillis;
    }

    /** Whether that much may be taken; what is more than a second gives needs a full bucket. */
    boolean has(double wanted, long nowMillis) {
        fill(nowMillis);
        return !overdrawn && tokens >= Math.min(wanted, perSecond);
    }

    /** Takes even what is not there: then nothing more is to be had until the bucket is full again. */
    void take(double taken, long nowMillis) {
        fill(nowMillis);
        tokens -= taken;
        overdrawn |= tokens < 0;
    }

    boolean isFull(long nowMillis) {
        fill(nowMillis);
        return tokens >= perSecond;
    }

    private void fill(long nowMillis) {
        if (nowMillis > filledMillis) {
            tokens = Math.min(perSecond, tokens + perSecond * (nowMillis - filledMillis) / 1000);
            filledMillis = nowMillis;
            overdrawn &= tokens < perSecond;
        }
    }
}
