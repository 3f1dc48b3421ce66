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

    /** Up to where shards were given records, here or before. */
    private @Nullable LogPosition read;

    /** Epochs of records that were polled, by the first offset of each. */
    private final NavigableMap<Long, Integer> epochs = new TreeMap<>();

    /** @param known how far the log was read before; null if that is not known */
    void begin(long offset, @Nullable LogPosition known) {
        polled = offset;
        next = offset;
        unfinished = offset;
        read = known;
        epochs.clear();
    }

    boolean isBegun() {
        return next >= 0;
    }

    /**
     * Returns whether a record is not one of those that were read before it: leaders' epochs only grow along a log, so it came in the
     * place of one that is lost.
     */
    boolean isInPlaceOfLost(long offset, int epoch) {
        return read != null && offset < read.offset() && epoch > read.epoch();
    }

    /** A record was polled. */
    void polled(long offset, int epoch) {
        Map.Entry<Long, Integer> last = epochs.lastEntry();
        if (last == null || last.getValue() != epoch) {
            epochs.put(offset, epoch);
        }
    }

    /** Everything before the offset was polled: also what is no record, such as the marker of a transaction. */
    void polledBefore(long offset) {
        polled = offset;
    }

    /** Returns the first offset that was not polled. */
    long polled() {
        return polled;
    }

    /** The record with this offset, which is the next one, was given to the shard. */
    void given(long offset) {
        next = offset + 1;
        Map.Entry<Long, Integer> epoch = epochs.floorEntry(offset);
        if (epoch != null) {
            epochs.headMap(epoch.getKey()).clear();
            read = read != null && read.offset() >= next ? read : new LogPosition(next, epoch.getValue());
        }
    }

    /** Returns how far the log was read, here or before; null if that is not known. */
    @Nullable
    LogPosition read() {
        return read;
    }

    /** The record with this offset and all before it are finished. */
    void finished(long offset) {
        unfinished = offset + 1;
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
    long unfinished() {
        return unfinished;
    }

    /**
     * Returns the same, or the end of what was polled if all records before that are finished.
     *
     * @param isAllGiven whether the shard was given all records that were polled
     */
    long toBeCommitted(boolean isAllGiven) {
        return isAllGiven && unfinished == next ? Math.max(unfinished, polled) : unfinished;
    }
}
