package io.shardmill.poller.shard;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.batch.BatchAccumulator;
import io.shardmill.poller.batch.BatchDelivery;
import io.shardmill.poller.batch.FinishedRecords;
import io.shardmill.poller.batch.Step;
import io.shardmill.poller.checkpoint.LaneHead;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.ShardStatus.Activity;
import io.shardmill.poller.shard.ShardStatus.LaneStatus;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a shard's partition keys, with one batch in flight at a time. Belongs to its
 * {@link ShardConsumer} and is touched only inside its turns.
 */
final class Lane {

    private static final Step IDLE = new Step.Wait(Long.MAX_VALUE);

    private final int number;
    private final EventSourceMapping mapping;
    private final EventSize eventSize;
    private final FinishedRecords records;
    private final BatchAccumulator accumulator;

    private @Nullable LaneHead resume;
    private @Nullable BatchDelivery delivery;
    private Activity activity = Activity.IDLE;
    private long due = Long.MAX_VALUE;
    private @Nullable Object call;
    private @Nullable Thread stuckThread;
    private @Nullable InvocationOutcome lastFailure;

    Lane(int number, EventSourceMapping mapping, EventSize eventSize, FinishedRecords records) {
        this.number = number;
        this.mapping = mapping;
        this.eventSize = eventSize;
        this.records = records;
        this.accumulator = new BatchAccumulator(mapping, eventSize, records, number);
    }

    int number() {
        return number;
    }

    /** Begins with the batch that an earlier life left unfinished, if that had the same lanes. */
    void resume(LaneHead head) {
        resume = head;
    }

    /** Whether more records would let it go on, or make its next batch larger. */
    boolean wantsRecords(long now) {
        if (delivery != null) {
            return false;
        }
        if (resume != null && !isRead(resume)) {
            return true;
        }
        accumulator.look(now);
        return !accumulator.isFull();
    }

    boolean isBusy() {
        return call != null;
    }

    /**
     * What to do next, if nothing is in flight.
     *
     * @return an invocation, a discard, or a time to wait for
     */
    Step next(long now, Intake intake, Supplier<String> requestIds) {
        due = Long.MAX_VALUE;
        if (delivery == null && !begin(now, intake)) {
            activity = records.unfinished(number) == 0 ? Activity.IDLE : Activity.GATHERING;
            due = intake.isAtHand() ? Long.MAX_VALUE : accumulator.due();
            return IDLE;
        }
        Step step = delivery().next(now, requestIds);
        if (step instanceof Step.Wait wait) {
            activity = Activity.BACKING_OFF;
            due = wait.untilMillis();
        }
        return step;
    }

    private boolean begin(long now, Intake intake) {
        if (resume != null) {
            LaneHead head = resume;
            int count = countThrough(head);
            boolean isWhole = isRead(head) || !intake.expectsMore();
            if (!isWhole && (count == 0 || intake.hasRoom())) {
                return false; // without room the part that is here has to go first
            }
            resume = null;
            if (count > 0 && hasPartsOfBatchSize(head)) {
                delivery = BatchDelivery.resumed(
                        mapping.failureHandling(), records.first(number, count), head.attempts(), head.ends());
                accumulator.taken();
                return true;
            }
        }
        accumulator.look(now);
        int count = accumulator.ready(now, intake.isAtHand());
        if (count == 0) {
            return false;
        }
        delivery = new BatchDelivery(mapping.failureHandling(), records.first(number, count));
        accumulator.taken();
        return true;
    }

    /** If not, the batch size was made smaller: what is to be small now is not tried in its old size (spec case 100). */
    private boolean hasPartsOfBatchSize(LaneHead head) {
        int index = 0;
        for (SequenceNumber end : head.ends()) {
            int begin = index;
            while (index < records.unfinished(number)
                    && !records.get(number, index).sequenceNumber().isAfter(end)) {
                index++;
            }
            if (index - begin > mapping.batching().batchSize()) {
                return false;
            }
        }
        return true;
    }

    private boolean isRead(LaneHead head) {
        return records.lastRead() != null && !last(head).isAfter(records.lastRead());
    }

    private int countThrough(LaneHead head) {
        int count = 0;
        while (count < records.unfinished(number)
                && !records.get(number, count).sequenceNumber().isAfter(last(head))) {
            count++;
        }
        return count;
    }

    private static SequenceNumber last(LaneHead head) {
        return head.ends().get(head.ends().size() - 1);
    }

    /** The size of the event if it is a single record that fits none; 0 otherwise. */
    long tooLarge(List<Record> batch) {
        if (batch.size() > 1) {
            return 0;
        }
        long size = eventSize.of(batch);
        return size > EventSize.MAX_EVENT_BYTES ? size : 0;
    }

    /** A thread will carry out the step, and {@code call} stands for that. */
    void started(Object call, Activity activity) {
        this.call = call;
        this.activity = activity;
    }

    void waitsForPermit() {
        activity = Activity.WAITING_FOR_PERMIT;
    }

    /** The thread is back. */
    void returned() {
        call = null;
        stuckThread = null;
    }

    /**
     * The call has passed its deadline.
     *
     * @return false if it is back already
     */
    boolean stuck(Object call, Thread thread) {
        if (this.call != call) {
            return false;
        }
        stuckThread = thread;
        return true;
    }

    boolean isStuck() {
        return stuckThread != null;
    }

    /** Returns how many of its oldest records are finished by the outcome. */
    int completed(InvocationOutcome outcome, long now) {
        lastFailure = outcome instanceof InvocationOutcome.Succeeded ? null : outcome;
        int finished = delivery().completed(outcome, now);
        letGo();
        return finished;
    }

    /** Returns how many of its oldest records are finished by the discard. */
    int discarded() {
        int finished = delivery().discarded();
        letGo();
        return finished;
    }

    /** Of a batch that is done, at once: the next look at the lane finds it wanting records. */
    private void letGo() {
        if (delivery().isDone()) {
            delivery = null;
            lastFailure = null;
        }
    }

    private BatchDelivery delivery() {
        if (delivery == null) {
            throw new IllegalStateException("Lane " + number + " has no batch");
        }
        return delivery;
    }

    /** When it wants to be looked at again, in milliseconds; the end of time if only a message can move it. */
    long due() {
        return isBusy() ? Long.MAX_VALUE : due;
    }

    /** What is to be remembered of a failed head. */
    Optional<LaneHead> head() {
        if (resume != null) {
            return Optional.of(resume);
        }
        if (delivery == null || !delivery.hasFailed()) {
            return Optional.empty();
        }
        return Optional.of(
                new LaneHead(number, mapping.batching().parallelizationFactor(), delivery.attempts(), delivery.ends()));
    }

    LaneStatus status() {
        return new LaneStatus(
                number,
                stuckThread != null ? Activity.STUCK : activity,
                records.unfinished(number),
                delivery == null ? 0 : delivery.attempts() + 1,
                lastFailure == null ? null : lastFailure.describe(),
                activity == Activity.BACKING_OFF && !isBusy() ? Instant.ofEpochMilli(due) : null,
                stuckThread == null
                        ? List.of()
                        : Arrays.stream(stuckThread.getStackTrace())
                                .map(StackTraceElement::toString)
                                .toList());
    }
}
