package io.shardmill.kafka;

import io.shardmill.poller.stream.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** What is known of each partition's log last, by its offset that was committed or is to be. */
    private final Map<TopicPartition, LogPosition> places = new ConcurrentHashMap<>();

    private long lastCommit = System.nanoTime() - INTERVAL_NANOS;
    private boolean isUrgent;

    GroupOffsets(Consumer<byte[], byte[]> consumer, OffsetMark mark) {
        this.consumer = consumer;
        this.mark = mark;
    }

    /** All records before the position are finished, and of later ones what else is said. */
    void finished(TopicPartition partition, LogPosition position, String ahead) {
        places.put(partition, position);
        finished.put(partition, mark.on(position, ahead));
    }

    /** These are the group's offsets of partitions that are assigned anew. */
    void read(Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> committed) {
        forget(partitions);
        committed.forEach((partition, offset) -> {
            LogPosition place = mark.place(offset);
            if (place != null) {
                places.put(partition, place);
            }
        });
    }

    /** What is known of logs says nothing any more: rows were set after the offsets. */
    void supersede() {
        places.clear();
    }

    /** A partition is read from there on: that is committed soon, whatever was before. */
    void begin(TopicPartition partition, LogPosition position, String ahead) {
        finished(partition, position, ahead);
        committed.remove(partition);
        isUrgent = true;
    }

    /** Returns where a position is in the log. Blocks for a position that only the broker knows. */
    LogPosition of(TopicPartition partition, Position position) {
        long offset = offset(partition, position);
        LogPosition place = places.get(partition);
        return place != null && place.offset() == offset ? place : LogPosition.at(offset);
    }

    private long offset(TopicPartition partition, Position position) {
        if (position instanceof Position.At at) {
            return at.number().lowBits();
        }
        if (position instanceof Position.After after) {
            return after.number().lowBits() + 1;
        }
        if (position instanceof Position.AtTimestamp at) {
            // In this order: a record that is put in between is found, or is beyond the end.
            long end = known(consumer.endOffsets(Set.of(partition), RecordFlow.CALL), partition);
            @Nullable
            OffsetAndTimestamp first = consumer.offsetsForTimes(
                            Map.of(partition, at.timestamp().toEpochMilli()), RecordFlow.CALL)
                    .get(partition);
            return first == null ? end : first.offset();
        }
        return known(consumer.beginningOffsets(Set.of(partition), RecordFlow.CALL), partition);
    }

    private static long known(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("The broker names no offset of " + partition);
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
                } else {
                    LOG.debug("Offsets were not committed: the next commit has them, too", failure);
                }
            });
        }
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
                LogPosition reached = reader.toBeCommitted();
                finished.computeIfPresent( // a turn may have finished more since
                        partition, (same, known) -> known.offset() < reached.offset() ? mark.on(reached, "") : known);
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
            places.remove(partition);
        });
    }
}
