package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.Invocation.Attempt;
import io.shardmill.runtime.InvocationOutcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a lane on its way (spec 6.2): a state machine that returns the next step and gets its
 * outcome. The batch is a row of parts, of which the first, the head, is tried; a failed head is split, tried
 * again or given up, and only when it is finished does the next part become the head. A tumbling window's final
 * invocation is a part without records.
 */
public final class BatchDelivery {

    private final FailureHandling rules;
    private final List<Record> batch;

    /** Where each part ends in the batch (exclusive), the head's first. The head begins at {@link #done}. */
    private final Deque<Integer> ends = new ArrayDeque<>(1);

    private int done;
    /** When the tumbling window of a final invocation ended. */
    private long windowEnd;

    private int attempts;
    private long failingSince = Long.MAX_VALUE;
    private int refusals;
    private long delay;
    private long notBefore;
    private @Nullable String requestId;
    private Step.@Nullable Discard discard;

    public BatchDelivery(FailureHandling rules, List<Record> batch) {
        this.rules = rules;
        this.batch = batch;
        this.ends.add(batch.size());
    }

    /**
     * A window's final invocation.
     *
     * @param attempts that a previous run has made of it
     * @param windowEnd from when on the age of it counts, in milliseconds
     */
    public static BatchDelivery ofFinal(FailureHandling rules, int attempts, long windowEnd) {
        BatchDelivery delivery = new BatchDelivery(rules, List.of());
        delivery.windowEnd = windowEnd;
        delivery.attempts = delivery.resumable(attempts);
        return delivery;
    }

    /** Puts a window's final invocation before the rest of this delivery. */
    public void finalFirst(long windowEnd) {
        this.windowEnd = windowEnd;
        ends.addFirst(done);
        beginHead();
    }

    /** Returns whether the head is a window's final invocation. */
    public boolean isFinal() {
        return !ends.isEmpty() && headSize() == 0;
    }

    /**
     * Resumes a delivery where a previous run left it.
     *
     * @param batch its records that are not finished
     * @param attempts of the first part
     * @param ends the last number of each part that was still to do
     */
    public static BatchDelivery resumed(
            FailureHandling rules, List<Record> batch, int attempts, List<SequenceNumber> ends) {
        BatchDelivery delivery = new BatchDelivery(rules, batch);
        delivery.ends.clear();
        int index = 0;
        for (SequenceNumber end : ends) {
            int from = index;
            while (index < batch.size() && !batch.get(index).sequenceNumber().isAfter(end)) {
                index++;
            }
            if (index > from) {
                delivery.ends.add(index);
            }
            if (from == 0 && index > 0 && end.equals(ends.get(0))) {
                delivery.attempts = delivery.resumable(attempts);
            }
        }
        if (index < batch.size()) {
            delivery.ends.add(batch.size());
        }
        return delivery;
    }

    /** Grants one more attempt to a batch that was about to be given up: whether it was is unknown after a restart. */
    private int resumable(int attempts) {
        return rules.maximumRetryAttempts() < 0 ? attempts : Math.min(attempts, rules.maximumRetryAttempts());
    }

    /** Returns whether nothing of it is left to do. */
    public boolean isDone() {
        return ends.isEmpty();
    }

    /** Returns the next step, if it isn't done. The step stays the same until an outcome comes or time has passed. */
    public Step next(long now, Supplier<String> requestIds) {
        notBefore = Math.min(notBefore, now + delay); // a clock that is set back prolongs no wait by more than that
        if (discard != null) {
            return now < notBefore ? new Step.Wait(notBefore) : discard;
        }
        if (requestId == null) {
            requestId = requestIds.get();
        }
        int expired = expired(now);
        if (expired > 0 || (isFinal() && headExpiry() <= now)) {
            // Counts the attempt that was due, also when there was none before (spec 6.4).
            return discard(new Step.Discard(
                    Condition.RECORD_AGE_EXCEEDED, attempts + 1, requestId, null, batch.subList(done, done + expired)));
        }
        if (now < notBefore) {
            return new Step.Wait(Math.min(notBefore, headExpiry()));
        }
        return new Step.Invoke(head(), new Attempt(requestId, attempts + 1));
    }

    /**
     * Applies the outcome of the head's invocation.
     *
     * @return how many records, from the first unfinished one on, are finished by it
     */
    public int completed(InvocationOutcome outcome, long now) {
        if (outcome instanceof InvocationOutcome.Succeeded) {
            return finish(headSize());
        }
        if (outcome instanceof InvocationOutcome.PartlyFailed partly && partly.firstFailed() > 0) {
            return partlyFailed(partly.firstFailed());
        }
        if (!outcome.consumesAttempt()) {
            refusals++;
            backOff(now, Backoff.afterRefusal(refusals));
        } else if (rules.bisectBatchOnFunctionError() && headSize() > 1) {
            split();
        } else {
            failed(outcome, now);
        }
        return 0;
    }

    /** What was done for the good records is rolled back with the rest, so that they are invoked again by themselves. */
    private int partlyFailed(int good) {
        if (rules.transactional()) {
            split(good);
            return 0;
        }
        return finish(good);
    }

    /** Splits the head in two, which consumes no attempt. */
    public void split() {
        split(headSize() / 2);
    }

    private void split(int first) {
        ends.addFirst(done + first);
        beginHead();
    }

    private void failed(InvocationOutcome outcome, long now) {
        attempts++;
        failingSince = failingSince(now);
        refusals = 0;
        if (rules.maximumRetryAttempts() >= 0 && attempts > rules.maximumRetryAttempts()) {
            discard(new Step.Discard(
                    Condition.RETRY_ATTEMPTS_EXHAUSTED, attempts, currentRequestId(), outcome, head()));
        } else {
            backOff(now, Backoff.afterFailure(attempts));
        }
    }

    private Step.Discard discard(Step.Discard step) {
        discard = step;
        refusals = 0;
        notBefore = 0;
        return step;
    }

    private void backOff(long now, long millis) {
        delay = millis;
        notBefore = now + millis;
    }

    /** Repeats {@link Step.Discard} after a while: it could not be tried. */
    public void notSent(long now) {
        refusals++;
        backOff(now, Backoff.afterRefusal(refusals));
    }

    /**
     * Completes {@link Step.Discard}, wherever the records went.
     *
     * @return how many records, from the first unfinished one on, are finished by it
     */
    public int discarded() {
        if (discard == null) {
            throw new IllegalStateException("Nothing was to be discarded");
        }
        return finish(discard.records().size());
    }

    private int finish(int count) {
        done += count;
        if (done == ends.getFirst()) {
            ends.removeFirst();
        }
        beginHead();
        return count;
    }

    /** Makes a fresh batch of the rest of the head, or of the next part: new attempts, new request id, no delay. */
    private void beginHead() {
        attempts = 0;
        failingSince = Long.MAX_VALUE;
        refusals = 0;
        notBefore = 0;
        requestId = null;
        discard = null;
    }

    /** Returns the request id of the head's invocations; null before the first. */
    public @Nullable String requestId() {
        return requestId;
    }

    /** Returns the failed attempts of the head. */
    public int attempts() {
        return attempts;
    }

    /** Returns when the head failed first since it was begun or resumed, in milliseconds; now if it did not. */
    public long failingSince(long now) {
        return Math.min(failingSince, now);
    }

    /** Returns whether this batch has failed: then a restart resumes it. */
    public boolean hasFailed() {
        return attempts > 0 || ends.size() > 1;
    }

    /** Returns the last number of each part still to do that has records. */
    public List<SequenceNumber> ends() {
        return ends.stream()
                .filter(end -> end > done)
                .map(end -> batch.get(end - 1).sequenceNumber())
                .toList();
    }

    /** Returns the part that is tried now. */
    public List<Record> head() {
        return headSize() == batch.size() ? batch : batch.subList(done, ends.getFirst());
    }

    private int headSize() {
        return ends.getFirst() - done;
    }

    private String currentRequestId() {
        if (requestId == null) {
            throw new IllegalStateException("An attempt failed that was never asked for");
        }
        return requestId;
    }

    private int expired(long now) {
        int count = 0;
        while (done + count < ends.getFirst() && expiry(batch.get(done + count), rules) <= now) {
            count++;
        }
        return count;
    }

    /** A final invocation is made at least once; after that its age counts from the window's end. */
    private long headExpiry() {
        if (headSize() > 0) {
            return expiry(batch.get(done), rules);
        }
        return attempts == 0 ? Long.MAX_VALUE : expiry(windowEnd, rules);
    }

    /** Returns when the record is too old to be delivered (spec 6.4), in milliseconds; the end of time if records don't expire. */
    static long expiry(Record record, FailureHandling rules) {
        return expiry(record.approximateArrivalMillis(), rules);
    }

    private static long expiry(long arrival, FailureHandling rules) {
        return rules.maximumRecordAge() == null
                ? Long.MAX_VALUE
                : arrival + rules.maximumRecordAge().toMillis();
    }
}
