package io.shardmill.kafka;

import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The group's offsets: the lowest unfinished one of each partition, so that tools show how far the mapping really is. All but
 * {@link #finished} is called by the polling thread.
 */
final class GroupOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(GroupOffsets.class);

    /** The rows are what counts: the offsets only have to follow. */
    private static final long INTERVAL_NANOS = 1_000_000_000;

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetMark mark;
    private final Map<TopicPartition, OffsetAndMetadata> finished = new ConcurrentHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    /** How far logs were read, here or by those who had the partitions before. */
    private final Map<TopicPartition, LogPosition> read = new ConcurrentHashMap<>();

    private long lastCommit = System.nanoTime() - INTERVAL_NANOS;
    private boolean isUrgent;

    /** Whether the last commit has failed for a reason that does not pass by itself. */
    private boolean isFailing;

    GroupOffsets(Consumer<byte[], byte[]> consumer, OffsetMark mark) {
        this.consumer = consumer;
        this.mark = mark;
    }

    /** All records before the offset are finished, and of later ones those that are named. */
    void finished(TopicPartition partition, long offset, @Nullable LogPosition known, String ahead) {
        finished.put(partition, mark.on(offset, known, ahead));
        if (known != null) {
            read.put(partition, known);
        }
    }

    /** These are the group's offsets of partitions that are assigned anew. */
    void know(Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> offsets) {
        forget(partitions);
        offsets.forEach((partition, offset) -> {
            LogPosition known = mark.read(offset);
            if (known != null) {
                read.put(partition, known);
            }
        });
    }

    /**
     * Rows were set after the offsets, which don't count any more, nor how far logs were read.
     *
     * @param positions offsets of partitions that have not begun
     */
    void supersede(Map<TopicPartition, GroupPosition> positions) {
        finished.replaceAll((partition, offset) -> mark.on(offset.offset(), null, ""));
        read.clear();
        overrule(positions);
        isUrgent = true;
    }

    /** Commits offsets of which the rows count as our own, so that they count for whoever begins the partitions next. */
    void overrule(Map<TopicPartition, GroupPosition> positions) {
        positions.forEach((partition, position) -> {
            read.remove(partition);
            finished(partition, of(partition, position.position()), null, "");
        });
        isUrgent |= !positions.isEmpty();
    }

    /** Returns how far the log was read before the partition begins; null if that is not known. */
    @Nullable
    LogPosition read(TopicPartition partition) {
        return read.get(partition);
    }

    /** A partition is read from there on: that is committed soon, whatever was before. */
    void begin(TopicPartition partition, long offset, @Nullable LogPosition known, String ahead) {
        read.remove(partition);
        finished(partition, offset, known, ahead);
        committed.remove(partition);
        isUrgent = true;
    }

    /** Returns the offset of a position. Blocks for a position that only the broker knows. */
    long of(TopicPartition partition, Position position) {
        if (position instanceof Position.At at) {
            return at.number().lowBits();
        }
        if (position instanceof Position.After after) {
            return after.number().lowBits() + 1;
        }
        if (position instanceof Position.AtTimestamp at) {
            // In this order: a record that is put in between is found, or is beyond the end.
            long end = known(consumer.endOffsets(Set.of(partition), ConsumerCalls.TIMEOUT), partition);
            @Nullable
            OffsetAndTimestamp first = consumer.offsetsForTimes(
                            Map.of(partition, at.timestamp().toEpochMilli()), ConsumerCalls.TIMEOUT)
                    .get(partition);
            return first == null ? end : first.offset();
        }
        return known(consumer.beginningOffsets(Set.of(partition), ConsumerCalls.TIMEOUT), partition);
    }

    private static long known(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new KafkaException("The broker names no offset of " + partition);
        }
        return offset;
    }

    /** Commits what has changed, at most once a second. */
    void commit(Set<TopicPartition> owned, Map<TopicPartition, PartitionReader> readers) {
        long now = System.nanoTime();
        if (!isUrgent && now - lastCommit < INTERVAL_NANOS) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> changed = changed(owned, readers);
        lastCommit = now;
        isUrgent = false;
        if (!changed.isEmpty()) {
            consumer.commitAsync(changed, (offsets, failure) -> {
                if (failure == null) {
                    note(offsets);
                    isFailing = false;
                } else {
                    failed(failure);
                }
            });
        }
    }

    /** The next commit has them, too; without a commit, lag tools and processes with other rows see what was committed last. */
    private void failed(Exception failure) {
        boolean isPassing = failure instanceof RetriableException || failure instanceof CommitFailedException;
        LOG.atLevel(isPassing || isFailing ? Level.DEBUG : Level.WARN)
                .log(
                        "Offsets can't be committed, and are tried again each second: {}",
                        ClientFailure.describe(failure));
        isFailing |= !isPassing;
    }

    /** Commits what has changed of these partitions before it returns. */
    void commitNow(
            Collection<TopicPartition> partitions, Map<TopicPartition, PartitionReader> readers, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> changed = changed(partitions, readers);
        if (!changed.isEmpty()) {
            consumer.commitSync(changed, timeout);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> changed(
            Collection<TopicPartition> partitions, Map<TopicPartition, PartitionReader> readers) {
        Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                long reached = reader.toBeCommitted();
                finished.computeIfPresent( // a turn may have finished more since
                        partition,
                        (same, known) -> known.offset() < reached ? mark.on(reached, reader.logRead(), "") : known);
            }
            OffsetAndMetadata known = finished.get(partition);
            if (known != null && !known.equals(committed.get(partition))) {
                changed.put(partition, known);
            }
        }
        return changed;
    }

    private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            if (finished.containsKey(partition)) {
                committed.put(partition, offset);
            }
        });
    }

    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> {
            finished.remove(partition);
            committed.remove(partition);
            read.remove(partition);
        });
    }
}
