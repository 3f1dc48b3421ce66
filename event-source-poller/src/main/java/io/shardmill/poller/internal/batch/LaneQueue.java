package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane's unfinished records in order, each with the number of the record of the shard that was read just
 * before it. A ring of two arrays: it is on the path of every record.
 */
final class LaneQueue {

    private @Nullable Record[] records = new Record[16];
    private @Nullable SequenceNumber[] before = new SequenceNumber[16];
    private int head;
    private int size;
    /** So many of the first records hold nothing in memory but themselves. */
    private int compact;

    void add(Record record, @Nullable SequenceNumber readBefore) {
        if (size == records.length) {
            grow();
        }
        int slot = slot(size);
        records[slot] = record;
        before[slot] = readBefore;
        size++;
    }

    private void grow() {
        @Nullable Record[] moreRecords = new Record[size * 2];
        @Nullable SequenceNumber[] moreBefore = new SequenceNumber[size * 2];
        for (int index = 0; index < size; index++) {
            moreRecords[index] = records[slot(index)];
            moreBefore[index] = before[slot(index)];
        }
        records = moreRecords;
        before = moreBefore;
        head = 0;
    }

    private int slot(int index) {
        return (head + index) & (records.length - 1);
    }

    int size() {
        return size;
    }

    Record get(int index) {
        Record record = records[slot(index)];
        if (record == null || index >= size) {
            throw new IndexOutOfBoundsException("record " + index + " of " + size);
        }
        return record;
    }

    /** The first {@code count} records, as an unmodifiable list of their own. */
    List<Record> first(int count) {
        Record[] batch = new Record[count];
        for (int index = 0; index < count; index++) {
            batch[index] = get(index);
        }
        return List.of(batch);
    }

    /** Lets go of what the records up to this number share with others, such as a chunk they were read in. */
    void compact(SequenceNumber through) {
        while (compact < size && !get(compact).sequenceNumber().isAfter(through)) {
            records[slot(compact)] = get(compact).compacted();
            compact++;
        }
    }

    /** The number read just before the first record; null if that was the shard's first. Undefined when empty. */
    @Nullable
    SequenceNumber beforeFirst() {
        return before[head];
    }

    void remove(int count) {
        for (int index = 0; index < count; index++) {
            records[head] = null;
            before[head] = null;
            head = (head + 1) & (records.length - 1);
        }
        size -= count;
        compact = Math.max(0, compact - count);
    }
}
