package io.shardmill.poller.internal.shard;

import io.shardmill.poller.event.EventSize;

/**
 * What all mappings of a process may hold in the heap together. Whoever holds records may wait for event memory, and nobody
 * who holds event memory waits for anything, so that all get on.
 *
 * @param records for records that are read and not finished
 * @param events for what invocations and sends make of their records
 */
public record EngineMemory(MemoryBudget records, MemoryBudget events) {

    private static final double EVENTS_OF_HEAP = 0.3;
    private static final double RECORDS_OF_HEAP = 0.125;

    /** Bytes in the heap for a byte of the event: its JSON, and the objects a handler in this JVM gets of it (ADR 19). */
    private static final double BYTES_PER_EVENT_BYTE = 2.7;

    private static final long LARGEST_EVENT = shareOf(EventSize.MAX_EVENT_BYTES);
    private static final long MIB = 1 << 20;
    /** Some collectors count a part of {@code -Xmx} out: the advice is rounded up to a multiple of this many MiB. */
    private static final long HEAP_STEP = 16;

    /** An eighth of the heap for records, three tenths for events. */
    public static EngineMemory ofHeap(long bytes) {
        return new EngineMemory(
                new MemoryBudget((long) (bytes * RECORDS_OF_HEAP)), new MemoryBudget((long) (bytes * EVENTS_OF_HEAP)));
    }

    /** The share that an invocation takes for an event of this many bytes; not more than there is. */
    long eventShare(long eventBytes) {
        return Math.min(shareOf(eventBytes), events.total());
    }

    private static long shareOf(long eventBytes) {
        return (long) (eventBytes * BYTES_PER_EVENT_BYTE);
    }

    /**
     * Checks that the largest event has room.
     *
     * @throws IllegalArgumentException that says which heap is needed
     */
    public void requireRoom(String mapping) {
        if (events.total() < LARGEST_EVENT) {
            double steps = LARGEST_EVENT / EVENTS_OF_HEAP / (HEAP_STEP * MIB);
            long needed = (long) Math.ceil(steps) * HEAP_STEP;
            throw new IllegalArgumentException("Mapping '" + mapping + "': an event of "
                    + EventSize.MAX_EVENT_BYTES / MIB + " MB takes up to " + LARGEST_EVENT / MIB
                    + " MB of memory, and events have three tenths of the heap, which is " + events.total() / MIB
                    + " MB; start Java with -Xmx" + needed + "m or more");
        }
    }
}
