package io.shardmill.poller.internal.shard;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import io.shardmill.poller.event.EventSize;

/**
 * A shard's part of the memory for records. A read takes as much as the records of one event need at most; what it did
 * not bring goes back. Touched only inside the shard's turns.
 */
final class RecordMemory {

    /** The data of a full event, which base64 makes a third longer. */
    private static final int READ_BYTES = EventSize.MAX_EVENT_BYTES / 4 * 3;

    /** A record's objects and its places in queues: measured. */
    private static final int RECORD_BYTES = 160;

    /** A header's objects, and its place in the list. */
    private static final int HEADER_BYTES = 64;

    private final MemoryBudget budget;
    private final Runnable granted;
    private final int readBytes;

    private long held;
    private long letGo;
    private int reserved;
    private boolean waiting;

    /** @param granted run on any thread when a share comes, and leads to {@link #granted()} in a turn */
    RecordMemory(MemoryBudget budget, Runnable granted) {
        this.budget = budget;
        this.granted = granted;
        this.readBytes = (int) Math.min(READ_BYTES, budget.total());
    }

    /** Takes memory for a read, which {@link #reserved()} says the size of. */
    boolean tryReserve() {
        if (reserved > 0) {
            return true;
        }
        if (!waiting) {
            waiting = !budget.tryTake(readBytes, granted);
            reserved = waiting ? 0 : readBytes;
        }
        return !waiting;
    }

    /** Bytes of data that may be read now. */
    int reserved() {
        return reserved;
    }

    void granted() {
        waiting = false;
        reserved += readBytes;
    }

    /** Returns whether it waits for memory. */
    boolean isWaiting() {
        return waiting;
    }

    /** The record was read; it is held however large it is. */
    void hold(Record record) {
        long bytes = bytes(record);
        held += bytes;
        long within = Math.min(reserved, bytes);
        reserved -= (int) within;
        if (bytes > within) {
            budget.takeHeld(bytes - within);
        }
    }

    /** The record is finished; to be followed by {@link #giveBackLetGo}. */
    void letGo(Record record) {
        letGo += bytes(record);
    }

    void giveBackLetGo() {
        held -= letGo;
        budget.giveBack(letGo);
        letGo = 0;
    }

    private static long bytes(Record record) {
        KafkaMetadata kafka = record.kafka();
        int key = kafka == null ? record.partitionKey().length() : bytes(kafka);
        return (long) record.size() + key + RECORD_BYTES;
    }

    private static int bytes(KafkaMetadata kafka) {
        int bytes = kafka.key() == null ? 0 : kafka.key().length;
        for (KafkaMetadata.Header header : kafka.headers()) {
            bytes += header.name().length() + (header.value() == null ? 0 : header.value().length) + HEADER_BYTES;
        }
        return bytes;
    }

    /** Bytes of records that are read and not finished. */
    long held() {
        return held;
    }

    /** Returns the bytes to read before older records are copied out of the chunks that they share with finished ones. */
    long generationBytes() {
        return Math.min(EventSize.MAX_EVENT_BYTES, budget.total() / 4);
    }

    /** Gives back what was granted and not used, at the end of a turn. */
    void giveBackUnused() {
        if (reserved > 0) {
            budget.giveBack(reserved);
            reserved = 0;
        }
    }

    /** Nothing is held any more. */
    void close() {
        giveBackUnused();
        budget.giveBack(held);
        held = 0;
    }
}
