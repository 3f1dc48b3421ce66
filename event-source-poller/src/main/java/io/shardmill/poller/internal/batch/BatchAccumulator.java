package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.EventSourceMapping;

/**
 * Says when a lane's waiting records are a batch (spec 3.4 to 3.6): at the first of its size, the 6 MB of
 * its event, the end of the batching window, and the age limit of its oldest record. The batching window runs from the
 * later of: the lane became free, the first record is waiting. A batch has records of one tumbling window only.
 */
public final class BatchAccumulator {

    private final EventSourceMapping mapping;
    private final EventSize eventSize;
    private final FinishedRecords records;
    private final int lane;
    private final LaneWindow window;

    /** How many waiting records are known to fit one event, and what they take at most. */
    private int counted;

    private long bytes;
    private boolean exact;
    private boolean full;
    private long waitingSince;
    private boolean waiting;

    public BatchAccumulator(
            EventSourceMapping mapping, EventSize eventSize, FinishedRecords records, int lane, LaneWindow window) {
        this.mapping = mapping;
        this.eventSize = eventSize;
        this.records = records;
        this.lane = lane;
        this.window = window;
    }

    /** Counts the waiting records. To be called when the lane is free, after time or its records have moved on. */
    public void gather(long now) {
        if ((!waiting || now < waitingSince) && records.unfinished(lane) > 0) { // also when the clock was set back
            waiting = true;
            waitingSince = now;
        }
        int limit = Math.min(mapping.batching().batchSize(), records.unfinished(lane));
        while (!full && counted < limit) {
            Record record = records.get(lane, counted);
            if (window.takes(record, records.get(lane, 0))) {
                count(record);
            } else {
                full = true;
            }
        }
        full |= counted == mapping.batching().batchSize();
    }

    private void count(Record record) {
        long more = bytes + (exact ? eventSize.of(record) : eventSize.atMost(record));
        if (eventSize.event(more, counted + 1) + window.bytesIn(eventSize) > EventSize.MAX_EVENT_BYTES) {
            if (!exact) {
                recount();
                return;
            }
            full = true;
            counted = Math.max(counted, 1); // a record that fits no event goes alone: delivery rejects it
            return;
        }
        bytes = more;
        counted++;
    }

    /** Estimates no longer do: from here on every byte of this batch is counted. */
    private void recount() {
        exact = true;
        bytes = 0;
        for (int index = 0; index < counted; index++) {
            bytes += eventSize.of(records.get(lane, index));
        }
    }

    /** Returns whether further records would not make the batch larger. */
    public boolean isFull() {
        return full;
    }

    /**
     * Returns how many records to deliver now; 0 for not yet.
     *
     * @param atHand whether more records may be had at once, so that a batch without a window can still grow
     */
    public int ready(long now, boolean atHand) {
        if (counted == 0) {
            return 0;
        }
        boolean windowOver =
                mapping.batching().maximumBatchingWindow().isZero() ? !atHand : now >= endOfBatchingWindow();
        return full || windowOver || (!atHand && now >= due()) ? counted : 0;
    }

    /** Returns when to deliver an underfilled batch, in milliseconds; the end of time if nothing is waiting. */
    public long due() {
        if (counted == 0) {
            return Long.MAX_VALUE;
        }
        return Math.min(endOfBatchingWindow(), window.closesAt(records.get(lane, 0)));
    }

    private long endOfBatchingWindow() {
        long windowEnd =
                waitingSince + mapping.batching().maximumBatchingWindow().toMillis();
        return Math.min(windowEnd, BatchDelivery.expiry(records.get(lane, 0), mapping.failureHandling()));
    }

    /** Begins anew: the batch was taken. */
    public void taken() {
        counted = 0;
        bytes = 0;
        exact = false;
        full = false;
        waiting = false;
    }
}
