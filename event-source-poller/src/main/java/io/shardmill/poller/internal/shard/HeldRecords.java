package io.shardmill.poller.internal.shard;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.internal.batch.FinishedRecords;
import io.shardmill.poller.mapping.Batching;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a shard and not finished, in memory: at most {@link #maxRecords} and {@link #maxBytes}, and one read more,
 * and what the process has for that. Touched only inside the shard's turns.
 */
final class HeldRecords {

    private static final int MIN_RECORDS = 10_000;

    private final FinishedRecords records;
    private final RecordMemory memory;
    private final int maxRecords;
    private final long maxBytes;

    private int count;
    private long bytesOfThisGeneration;
    private @Nullable SequenceNumber earlierGenerations;

    HeldRecords(FinishedRecords records, RecordMemory memory, Batching batching) {
        this.records = records;
        this.memory = memory;
        int lanes = batching.parallelizationFactor();
        this.maxRecords = Math.max(MIN_RECORDS, 2 * batching.batchSize() * lanes);
        this.maxBytes = (long) EventSize.MAX_EVENT_BYTES * (lanes + 1);
    }

    /** Takes memory for a read, which {@link #reserved()} says the size of; false if it has to wait for that. */
    boolean tryReserve() {
        return memory.tryReserve();
    }

    /** Returns the bytes of data that may be read now. */
    int reserved() {
        return memory.reserved();
    }

    /** The record was read, and belongs to a lane unless a previous run finished it. */
    void add(Record record) {
        bytesOfThisGeneration += record.size();
        if (records.read(record) >= 0) {
            count++;
            memory.hold(record);
        }
    }

    /** The record was read and is for no lane. */
    void skip(Record record) {
        bytesOfThisGeneration += record.size();
        records.skip(record);
    }

    /**
     * Gives records bytes of their own that are still here when much was read after them: a record may be a slice of a chunk that
     * it was read in with others, and a lane that lags behind would keep a chunk in memory for each of its records.
     */
    void compact() {
        if (bytesOfThisGeneration > memory.generationBytes()) {
            if (earlierGenerations != null) {
                records.compact(earlierGenerations);
            }
            earlierGenerations = records.lastRead();
            bytesOfThisGeneration = 0;
        }
    }

    /** The lane's oldest records are finished, so many of them. */
    void finish(int lane, int finished) {
        for (int index = 0; index < finished; index++) {
            memory.letGo(records.get(lane, index));
        }
        memory.giveBackLetGo();
        count -= finished;
        records.finish(lane, finished);
    }

    /** Returns whether the bounds leave room for more. */
    boolean hasRoom() {
        return count < maxRecords && memory.held() < maxBytes && !memory.isWaiting();
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns whether a read waits for memory. */
    boolean waitsForMemory() {
        return memory.isWaiting();
    }

    void memoryGranted() {
        memory.granted();
    }

    void giveBackUnused() {
        memory.giveBackUnused();
    }

    void close() {
        memory.close();
    }
}
