package io.shardmill.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a consumer may be taken for dead: it remains a member until the coordinator tells it otherwise. Touched by
 * the polling thread only.
 */
final class GroupContact {

    private static final String GROUP = "consumer-coordinator-metrics";
    private static final String HEARTBEAT_AGE = "last-heartbeat-seconds-ago";

    private final Consumer<byte[], byte[]> consumer;
    private final double mostSeconds;
    private @Nullable Metric heartbeatAge;
    private long begun = System.nanoTime();

    /** @param most how long a member may be without a heartbeat */
    GroupContact(Consumer<byte[], byte[]> consumer, Duration most) {
        this.consumer = consumer;
        this.mostSeconds = most.toMillis() / 1_000.0;
    }

    /** The consumer joins the group: who was no member has sent no heartbeats. */
    void begin() {
        begun = System.nanoTime();
    }

    /** Returns whether no heartbeat was sent for that time: the next one waits for the answer to the last. */
    boolean isLost() {
        if ((System.nanoTime() - begun) / 1e9 <= mostSeconds) {
            return false;
        }
        if (heartbeatAge == null) {
            heartbeatAge = find();
        }
        return heartbeatAge != null
                && heartbeatAge.metricValue() instanceof Number seconds
                && seconds.doubleValue() > mostSeconds;
    }

    private @Nullable Metric find() {
        for (Metric metric : consumer.metrics().values()) {
            if (metric.metricName().group().equals(GROUP)
                    && metric.metricName().name().equals(HEARTBEAT_AGE)) {
                return metric;
            }
        }
        return null;
    }
}
