package io.shardmill.kafka;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far a partition is polled, given to its shard, and finished. Not thread-safe. */
final class PartitionOffsets {

    /** The first offset that was not polled. */
    private long polled = -1;

    /** The first offset that was not given to the shard; negative until the partition is begun. */
    private long next = -1;

    /** The first offset that is not finished. */
    private long unfinished = -1;

    /** Leaders' epochs, by the first offset that is known to be of each: those of what is not finished, and of what is before it. */
    private final NavigableMap<Long, Integer> epochs = new TreeMap<>();

    void begin(LogPosition position) {
        unfinished = position.offset();
        next = position.offset();
        epochs.clear();
        polled(position);
    }

    boolean isBegun() {
        return next >= 0;
    }

    /** A record has this offset, and a leader's epoch. */
    void record(long offset, @Nullable Integer epoch) {
        Map.Entry<Long, Integer> last = epochs.lastEntry();
        if (epoch != null && (last == null || last.getValue() < epoch)) {
            epochs.put(offset, epoch);
        }
    }

    /** Everything before it was polled: also what is no record, such as the marker of a transaction. */
    void polled(LogPosition position) {
        polled = position.offset();
        record(position.offset() - 1, position.epoch());
    }

    /** Returns the first offset that was not polled. */
    long polled() {
        return polled;
    }

    /** The record with this offset, which is the next one, was given to the shard. */
    void given(long offset) {
        next = offset + 1;
    }

    /** The record with this offset and all before it are finished. */
    void finished(long offset) {
        unfinished = offset + 1;
        Long before = epochs.floorKey(offset);
        if (before != null) {
            epochs.headMap(before).clear();
        }
    }

    /** The records before the offset are gone. */
    void trimmed(long offset, boolean isAllGiven) {
        if (isAllGiven && unfinished == next) {
            unfinished = offset;
        }
        next = offset;
        polled = offset;
    }

    /** Returns the first offset that is not finished. */
    LogPosition unfinished() {
        return at(unfinished);
    }

    /**
     * Returns the same, or the end of what was polled if all records before that are finished.
     *
     * @param isAllGiven whether the shard was given all records that were polled
     */
    LogPosition toBeCommitted(boolean isAllGiven) {
        return at(isAllGiven && unfinished == next ? Math.max(unfinished, polled) : unfinished);
    }

    private LogPosition at(long offset) {
        Map.Entry<Long, Integer> before = epochs.lowerEntry(offset);
        return new LogPosition(offset, before == null ? null : before.getValue());
    }
}
