package io.shardmill.poller.internal.shard;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.internal.batch.BatchAccumulator;
import io.shardmill.poller.internal.batch.BatchDelivery;
import io.shardmill.poller.internal.batch.FinishedRecords;
import io.shardmill.poller.internal.batch.LaneWindow;
import io.shardmill.poller.internal.batch.Step;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import io.shardmill.runtime.FaultText;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a shard's partition keys, with one batch in flight at a time. Belongs to its
 * {@link ShardOwner} and is touched only inside its turns.
 */
final class Lane {

    private static final Step IDLE = new Step.Wait(Long.MAX_VALUE);

    private final int number;
    private final EventSourceMapping mapping;
    private final EventSize eventSize;
    private final FinishedRecords records;
    private final BatchAccumulator accumulator;

    private final LaneWindow window;
    private final LaneWindows windows;
    private final ResumedBatch resumed;

    private @Nullable BatchDelivery delivery;
    private Activity activity = Activity.IDLE;
    private @Nullable Instant since;
    private long due = Long.MAX_VALUE;
    private @Nullable LaneCall<?> call;
    private @Nullable Thread stuckThread;
    private @Nullable InvocationOutcome lastFailure;
    private @Nullable String notSent;

    /** @param open the tumbling window that a previous run left open, or null */
    Lane(
            int number,
            EventSourceMapping mapping,
            EventSize eventSize,
            FinishedRecords records,
            @Nullable OpenWindow open) {
        this.number = number;
        this.mapping = mapping;
        this.eventSize = eventSize;
        this.records = records;
        this.window = LaneWindow.of(mapping.batching(), open);
        this.windows = new LaneWindows(window, records, number);
        this.resumed = new ResumedBatch(number, mapping, records, window);
        this.accumulator = new BatchAccumulator(mapping, eventSize, records, number, window);
    }

    int number() {
        return number;
    }

    /** Begins with the batch that a previous run left unfinished, if that had the same lanes. */
    void resume(RetryState saved) {
        resumed.resume(windows.resume(saved));
    }

    /** Returns whether more records would start its next batch, or make it larger. */
    boolean wantsRecords(long now) {
        if (delivery != null) {
            return false;
        }
        if (resumed.wantsRecords()) {
            return true;
        }
        accumulator.gather(now);
        return !accumulator.isFull();
    }

    boolean isBusy() {
        return call != null;
    }

    /**
     * Returns the next step. Nothing may be in flight.
     *
     * @return an invocation, a discard, or a time to wait for
     */
    Step next(long now, ShardFetcher fetcher, Supplier<String> requestIds) {
        due = Long.MAX_VALUE;
        if (delivery == null && !begin(now, fetcher)) {
            become(records.unfinished(number) == 0 ? Activity.IDLE : Activity.GATHERING, now);
            due = Math.min(resumed.due(), windows.due(now, fetcher));
            due = fetcher.isAtHand() ? due : Math.min(due, accumulator.due());
            return IDLE;
        }
        Step step = delivery().next(now, requestIds);
        if (step instanceof Step.Wait wait) {
            become(Activity.BACKING_OFF, now);
            due = wait.untilMillis();
        }
        return step;
    }

    private boolean begin(long now, ShardFetcher fetcher) {
        if (windows.isOver(now, fetcher)) {
            delivery = windows.finalDelivery(mapping.failureHandling());
            accumulator.taken();
            return true;
        }
        if (resumed.isPending()) {
            if (resumed.waitsForRest(now, fetcher)) {
                return false;
            }
            BatchDelivery rest = resumed.take();
            if (rest != null) {
                return begin(rest);
            }
        }
        accumulator.gather(now);
        int count = accumulator.ready(now, fetcher.isAtHand());
        if (count == 0) {
            return false;
        }
        return begin(new BatchDelivery(mapping.failureHandling(), records.first(number, count)));
    }

    private boolean begin(BatchDelivery next) {
        windows.begin();
        delivery = next;
        accumulator.taken();
        return true;
    }

    /** Returns the event's size if that exceeds the limit, as a single record's or one with a grown state may; 0 otherwise. */
    long tooLarge(List<Record> batch) {
        if (batch.isEmpty() || (batch.size() > 1 && window == LaneWindow.NONE)) {
            return 0;
        }
        long size = eventSize.of(batch) + window.bytesIn(eventSize);
        return size > EventSize.MAX_EVENT_BYTES ? size : 0;
    }

    /** Returns an upper bound of the bytes of these records' event. */
    long eventBytesAtMost(List<Record> batch) {
        long parts = 0;
        for (Record record : batch) {
            parts += eventSize.atMost(record);
        }
        long size = eventSize.event(parts, batch.size()) + window.bytesIn(eventSize);
        return Math.min(size, EventSize.MAX_EVENT_BYTES);
    }

    /** Splits the head in two, which consumes no attempt. */
    void split() {
        delivery().split();
    }

    /** Returns the window as the head's invocation sees it; null without one. */
    @Nullable
    Window window() {
        return window.seen(delivery().isFinal());
    }

    /** Returns the window that a checkpoint stores; null without one. */
    @Nullable
    OpenWindow openWindow() {
        return window.open();
    }

    /** Returns whether a window's final invocation is due and not finished. */
    boolean isClosingWindow() {
        return window.isClosing();
    }

    /** Puts the call in flight. */
    void started(LaneCall<?> call, long now) {
        this.call = call;
        become(call.activity(), now);
    }

    /** Shows what the lane waits for. */
    void waitsFor(Activity waiting, long now) {
        become(waiting, now);
    }

    private void become(Activity next, long now) {
        if (next != activity || since == null) {
            activity = next;
            since = Instant.ofEpochMilli(now);
        }
    }

    /** Ends the call in flight. */
    void returned() {
        call = null;
        stuckThread = null;
    }

    /**
     * Marks the call as past its deadline.
     *
     * @return false if it has returned meanwhile
     */
    boolean stuck(LaneCall<?> call, Thread thread) {
        if (this.call != call) {
            return false;
        }
        stuckThread = thread;
        return true;
    }

    boolean isStuck() {
        return stuckThread != null;
    }

    /** Returns when the first attempt of its batch failed in this process, in milliseconds; now if none did. */
    long failingSince(long now) {
        return delivery().failingSince(now);
    }

    /** Returns how many of its oldest records are finished by the outcome. */
    int completed(InvocationOutcome outcome, long now) {
        lastFailure = outcome instanceof InvocationOutcome.Succeeded ? null : outcome;
        boolean isFinal = delivery().isFinal();
        int finished = delivery().completed(outcome, now);
        windows.completed(isFinal, outcome, finished, delivery());
        letGo();
        return finished;
    }

    /** Returns how many of its oldest records are finished by the discard. */
    int discarded() {
        boolean isFinal = delivery().isFinal();
        int finished = delivery().discarded();
        if (isFinal) {
            windows.closed();
        }
        letGo();
        return finished;
    }

    /** Retries the discard after a while. */
    void notSent(String reason, long now) {
        notSent = "not sent to the on-failure destination: " + reason;
        delivery().notSent(now);
    }

    /** Returns why its batch can't be invoked, if that is a fault of Shardmill's; else null. */
    @Nullable
    String problem() {
        return lastFailure instanceof InvocationOutcome.Failure failure
                        && failure.kind() == InvocationOutcome.Failure.Kind.INTERNAL
                ? "lane " + number + " is " + failure.describe()
                : null;
    }

    /** Releases a batch that is done, so that the lane wants records at once. */
    private void letGo() {
        if (delivery().isDone()) {
            delivery = null;
            lastFailure = null;
            notSent = null;
        }
    }

    private BatchDelivery delivery() {
        if (delivery == null) {
            throw new IllegalStateException("Lane " + number + " has no batch");
        }
        return delivery;
    }

    /** Returns when to advance it again, in milliseconds; the end of time if only a message can advance it. */
    long due() {
        return isBusy() ? Long.MAX_VALUE : due;
    }

    /** Returns the state of a failed head; a final invocation may precede what a previous run left unfinished. */
    Optional<RetryState> head() {
        int attempts = delivery != null ? delivery.attempts() : windows.attemptsOfFinal();
        if (resumed.isPending()) {
            return Optional.of(resumed.head(attempts));
        }
        if (attempts == 0 && (delivery == null || !delivery.hasFailed())) {
            return Optional.empty();
        }
        List<SequenceNumber> ends = delivery == null ? List.of() : delivery.ends();
        return Optional.of(new RetryState(number, mapping.batching().parallelizationFactor(), attempts, ends));
    }

    private @Nullable String lastError() {
        if (notSent != null) {
            return notSent;
        }
        return lastFailure == null ? null : lastFailure.describe();
    }

    /** @param waitsForMemory whether there are records for it that can't be read for lack of memory */
    LaneStatus status(boolean waitsForMemory) {
        Activity now = waitsForMemory ? Activity.WAITING_FOR_MEMORY : activity;
        StackTraceElement[] stack = stuckThread == null ? new StackTraceElement[0] : stuckThread.getStackTrace();
        StackTraceElement line = FaultText.userLine(stack);
        return new LaneStatus(
                number,
                stuckThread != null ? Activity.STUCK : now,
                since,
                records.unfinished(number),
                delivery == null ? 0 : delivery.attempts() + 1,
                delivery == null ? null : delivery.requestId(),
                lastError(),
                activity == Activity.BACKING_OFF && !isBusy() ? Instant.ofEpochMilli(due) : null,
                line == null ? null : line.toString(),
                FaultText.userFrames(stack).stream()
                        .map(StackTraceElement::toString)
                        .toList());
    }
}
