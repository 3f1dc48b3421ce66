package io.shardmill.poller.internal.shard;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.internal.batch.BatchDelivery;
import io.shardmill.poller.internal.batch.FinishedRecords;
import io.shardmill.poller.internal.batch.LaneWindow;
import io.shardmill.poller.mapping.EventSourceMapping;
import org.jspecify.annotations.Nullable;

/**
 * The failed batch that a previous run left unfinished, until its records are read again and it is retried with the
 * same parts. Belongs to its {@link Lane}.
 */
final class ResumedBatch {

    /** Bounds the wait for memory for the batch's later records: the holder of that memory may wait for this batch. */
    private static final long MEMORY_TIMEOUT_MILLIS = 10_000;

    private final int lane;
    private final EventSourceMapping mapping;
    private final FinishedRecords records;
    private final LaneWindow window;

    private @Nullable RetryState saved;

    /** When the batch is retried without the records that don't fit into memory; the end of time while they do. */
    private long cutDue = Long.MAX_VALUE;

    ResumedBatch(int lane, EventSourceMapping mapping, FinishedRecords records, LaneWindow window) {
        this.lane = lane;
        this.mapping = mapping;
        this.records = records;
        this.window = window;
    }

    /** Begins to wait for the records of a batch; there is none if all that was left is a window's final invocation. */
    void resume(RetryState head) {
        saved = head.partEnds().isEmpty() ? null : head;
    }

    /** Returns whether there is a batch that is not retried yet. */
    boolean isPending() {
        return saved != null;
    }

    /** Returns whether records of the batch are still to be read. */
    boolean wantsRecords() {
        return saved != null && !isRead(saved);
    }

    /** Returns whether the batch waits for its later records before it is retried. */
    boolean waitsForRest(long now, ShardFetcher fetcher) {
        RetryState head = pending();
        if (isRead(head) || !fetcher.expectsMore()) {
            return false;
        }
        int count = countThrough(head);
        if (count == 0 || fetcher.held().hasRoom()) {
            cutDue = Long.MAX_VALUE;
            return true;
        }
        if (cutDue == Long.MAX_VALUE || cutDue - now > MEMORY_TIMEOUT_MILLIS) { // the latter if the clock was set back
            cutDue = now + MEMORY_TIMEOUT_MILLIS;
        }
        if (now < cutDue) {
            return true;
        }
        fetcher.cutShort(lane, count);
        return false;
    }

    /** Returns when it stops waiting for memory, in milliseconds; the end of time if it doesn't wait for that. */
    long due() {
        return cutDue;
    }

    /** Ends the wait and returns what to retry; null if none of its records are left, or its parts are larger than batches are now. */
    @Nullable
    BatchDelivery take() {
        RetryState head = pending();
        saved = null;
        cutDue = Long.MAX_VALUE;
        int count = countThrough(head);
        return count > 0 && hasPartsOfBatchSize(head)
                ? BatchDelivery.resumed(
                        mapping.failureHandling(), records.first(lane, count), head.attempts(), head.partEnds())
                : null;
    }

    /**
     * Returns the state of the pending batch.
     *
     * @param attempts of a window's final invocation that comes first; 0 if none was made
     */
    RetryState head(int attempts) {
        RetryState head = pending();
        return attempts == 0 ? head : new RetryState(head.lane(), head.factor(), attempts, head.partEnds());
    }

    private RetryState pending() {
        if (saved == null) {
            throw new IllegalStateException("Lane " + lane + " resumes no batch");
        }
        return saved;
    }

    /** Returns false if the batch size was reduced: then the batch is not retried in its old size (spec case 100). */
    private boolean hasPartsOfBatchSize(RetryState head) {
        int index = 0;
        for (SequenceNumber end : head.partEnds()) {
            int begin = index;
            while (index < records.unfinished(lane)
                    && !records.get(lane, index).sequenceNumber().isAfter(end)) {
                index++;
            }
            if (index - begin > mapping.batching().batchSize()) {
                return false;
            }
        }
        return true;
    }

    private boolean isRead(RetryState head) {
        return records.lastRead() != null && !last(head).isAfter(records.lastRead());
    }

    private int countThrough(RetryState head) {
        int count = 0;
        while (count < records.unfinished(lane)
                && !records.get(lane, count).sequenceNumber().isAfter(last(head))
                && window.takes(records.get(lane, count), records.get(lane, 0))) {
            count++;
        }
        return count;
    }

    private static SequenceNumber last(RetryState head) {
        return head.partEnds().get(head.partEnds().size() - 1);
    }
}
