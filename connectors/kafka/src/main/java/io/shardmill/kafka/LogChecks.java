package io.shardmill.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
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
            consumer.seek(partition, read.sought());
        }
        try {
            RecordFlow.unlessWoken(() -> consumer.position(partition, Duration.ZERO));
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

    /** Ends the checks of partitions: they have failed, or the partitions are others' now. */
    void end(Collection<TopicPartition> partitions) {
        asked.keySet().removeAll(partitions);
    }
}
