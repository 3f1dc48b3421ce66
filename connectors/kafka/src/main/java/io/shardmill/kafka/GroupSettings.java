package io.shardmill.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * What a member of a consumer group is to do.
 *
 * @param sessionTimeout after which the coordinator takes a silent member for dead
 * @param handOver how long a revocation waits for running invocations at most
 * @param maxPollRecords of one poll
 * @param bufferBytes of records that were polled and not yet read, over all partitions
 */
record GroupSettings(
        String group, String topic, Duration sessionTimeout, Duration handOver, int maxPollRecords, long bufferBytes) {

    private static final Duration MAX_HAND_OVER = Duration.ofSeconds(25);
    private static final long BUFFER_BYTES = 32 << 20;
    private static final int DEFAULT_SESSION_TIMEOUT_MS = 45_000;
    private static final int DEFAULT_MAX_POLL_INTERVAL_MS = 300_000;
    private static final int DEFAULT_MAX_POLL_RECORDS = 500;

    /**
     * Returns after which time without a heartbeat others have this member's partitions. While a member waits for the others to join
     * again, its client sends none, and they may be handing partitions over.
     */
    Duration withoutContact() {
        return sessionTimeout.plus(handOver);
    }

    /** @param properties the consumer's */
    static GroupSettings of(String group, String topic, Map<String, Object> properties) {
        Duration halfInterval = Duration.ofMillis(
                number(properties, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, DEFAULT_MAX_POLL_INTERVAL_MS) / 2);
        return new GroupSettings(
                group,
                topic,
                Duration.ofMillis(
                        number(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, DEFAULT_SESSION_TIMEOUT_MS)),
                halfInterval.compareTo(MAX_HAND_OVER) < 0 ? halfInterval : MAX_HAND_OVER,
                number(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, DEFAULT_MAX_POLL_RECORDS),
                BUFFER_BYTES);
    }

    private static int number(Map<String, Object> properties, String name, int otherwise) {
        Object value = properties.get(name);
        return value == null
                ? otherwise
                : Integer.parseInt(String.valueOf(value).trim());
    }
}
