package io.shardmill.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks leaders whether their logs still have what was read of them. Waits for nobody: the answers come with the polls, and for a log
 * that has lost records a call of the consumer throws {@link org.apache.kafka.clients.consumer.LogTruncationException}. Touched by the
 * polling thread only.
 */
final class LogChecks {

    private static final Logger LOG = LoggerFactory.getLogger(LogChecks.class);

    private static final long SOON_NANOS = 1_000_000_000;

    private final Consumer<byte[], byte[]> consumer;

    /** When leaders were asked, by {@link System#nanoTime}. */
    private final Map<TopicPartition, Long> asked = new HashMap<>();

    LogChecks(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Returns whether the log has what was read; false also while nothing was heard. Moves the consumer's position. */
    boolean isPassed(TopicPartition partition, LogPosition read) {
        if (asked.putIfAbsent(partition, System.nanoTime()) == null) {
            consumer.seek(partition, read.toSeek());
        }
        try {
            ConsumerCalls.unlessWoken(() -> consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException unanswered) {
            LOG.trace("Not answered yet", unanswered);
            return false;
        }
        asked.remove(partition);
        return true;
    }

    boolean isUnderWay(TopicPartition partition) {
        return asked.containsKey(partition);
    }

    /** Returns whether answers are expected any moment: some leaders were asked just now. */
    boolean areExpected() {
        long now = System.nanoTime();
        return asked.values().stream().anyMatch(time -> now - time < SOON_NANOS);
    }

    /** Returns what is wrong with a partition whose leader should have answered by now; null if nothing is. */
    @Nullable
    String problem(TopicPartition partition) {
        Long time = asked.get(partition);
        return time == null || System.nanoTime() - time < SOON_NANOS
                ? null
                : "the leader of " + partition + " has not said whether its log still has what was read";
    }

    /** Ends the checks of partitions: they have failed, or the partitions are others' now. */
    void end(Collection<TopicPartition> partitions) {
        asked.keySet().removeAll(partitions);
    }

    /** Ends all checks: what was read doesn't matter any more. */
    void endAll() {
        asked.clear();
    }
}
