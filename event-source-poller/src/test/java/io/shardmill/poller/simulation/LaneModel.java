package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.InvocationOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The spec's algorithm for one ordered lane (6.2), written sequentially: fed with what the engine read, what
 * it delivered and what came of that, it says what the only right next delivery is. Throws
 * {@link Violation} when the engine does another.
 */
final class LaneModel {

    private final EventSourceMapping mapping;
    private final FailureHandling rules;
    private final EventSize eventSize;

    /** Ids that are used up; shared by all lanes of all lives. */
    private final Set<String> requestIds;

    /** Read, and in no batch yet. */
    private final List<Record> waiting = new ArrayList<>();

    private final Deque<List<Record>> parts = new ArrayDeque<>();
    private @Nullable RetryState resume;

    /** The tumbling window, whose final invocation is a part without records; or null. */
    private final @Nullable WindowModel window;

    /** Of a final invocation that a previous run has begun. */
    private int attemptsOfFinal;

    private int attempts;
    private int refusals;
    private @Nullable String requestId;
    private long notBefore;
    private @Nullable InvocationOutcome exhausted;

    /** Given up, and to be sent again: there was no memory for it. */
    private @Nullable DiscardedBatch unsent;

    private List<Record> discarding = List.of();
    private boolean busy;
    private long freeSince;

    /** Of a batch only the expired beginning was seen: the rest, at most this much, needs no window. */
    private int rest;

    LaneModel(
            EventSourceMapping mapping,
            EventSize eventSize,
            Set<String> requestIds,
            @Nullable RetryState resume,
            long freeSince,
            @Nullable WindowModel window) {
        this.mapping = mapping;
        this.rules = mapping.failureHandling();
        this.eventSize = eventSize;
        this.requestIds = requestIds;
        this.resume = resume;
        this.freeSince = freeSince;
        this.window = window;
        if (resume != null && window != null && window.isClosing()) {
            attemptsOfFinal = resumable(resume.attempts());
            this.resume = resume.partEnds().isEmpty()
                    ? null
                    : new RetryState(resume.lane(), resume.factor(), 0, resume.partEnds());
        }
    }

    void read(Record record) {
        waiting.add(record);
    }

    /** Read, and in no batch yet. */
    List<Record> waiting() {
        return waiting;
    }

    boolean hasWorkLeft() {
        return !parts.isEmpty() || !waiting.isEmpty();
    }

    /** Whether a record that is older than this one is not finished. */
    boolean isUnfinishedBefore(Record record) {
        return Stream.concat(parts.stream().flatMap(List::stream), waiting.stream())
                .anyMatch(one -> one.sequenceNumber().compareTo(record.sequenceNumber()) < 0);
    }

    /** What a row has to remember of it when nothing is in flight, as {@code attempts [ends]}; null if that is not known. */
    @Nullable
    String headToRemember() {
        if (resume != null || attemptsOfFinal > 0) {
            return null;
        }
        boolean hasFailed = attempts > 0 || parts.size() > 1;
        List<SequenceNumber> ends = parts.stream()
                .filter(part -> !part.isEmpty())
                .map(LaneModel::end)
                .toList();
        return hasFailed ? attempts + " " + ends : "";
    }

    private static SequenceNumber end(List<Record> part) {
        return part.get(part.size() - 1).sequenceNumber();
    }

    // What the engine does.

    void invoked(List<Record> batch, String id, int attempt, long now) {
        attempted(batch, attempt, now);
        Violation.unless(eventSize.of(batch) <= EventSize.MAX_EVENT_BYTES, "an event larger than 6 MB");
        sameId(id);
        busy = true;
    }

    void tooLarge(int attempt, long now) {
        Violation.unless(!parts.isEmpty() || !waiting.isEmpty(), "too large, but there is no record");
        List<Record> batch = parts.isEmpty() ? List.copyOf(waiting.subList(0, 1)) : parts.getFirst();
        attempted(batch, attempt, now);
        Violation.unless(batch.size() == 1, "a batch of several records is called too large");
        Violation.unless(eventSize.of(batch) > EventSize.MAX_EVENT_BYTES, "a small event is called too large");
        failed(InvocationOutcome.Failure.tooLarge(eventSize.of(batch)), now);
    }

    private void attempted(List<Record> batch, int attempt, long now) {
        Violation.unless(!busy, "the lane is busy");
        Violation.unless(exhausted == null, "attempted again after its last attempt");
        Violation.unless(unsent == null, "attempted again though it was given up");
        begin(batch, now);
        equal("the head", parts.getFirst(), batch);
        Violation.unless(!isHeadExpired(now), "it has expired and is attempted");
        equal("the attempt's number", attempts + 1, attempt);
        Violation.unless(now >= notBefore, "attempted " + (notBefore - now) + " ms before the backoff is over");
    }

    /** @param records the batch's, as they were put */
    void discards(DiscardedBatch batch, List<Record> records, long now) {
        Violation.unless(!busy, "the lane is busy");
        if (unsent != null) {
            equal("what is sent again", unsent.condition() + " " + unsent.records(), batch.condition() + " " + records);
            sameId(batch.origin().requestId());
            unsent = null;
            busy = true;
            return;
        }
        if (batch.condition() == Condition.RETRY_ATTEMPTS_EXHAUSTED) {
            InvocationOutcome last = exhausted;
            Violation.unless(last != null, "given up before its last attempt");
            equal("what is given up", parts.getFirst(), records);
            equal("the attempts", attempts, batch.invokeCount());
            equal("whether the function answered", last.reachedFunction(), batch.response() != null);
        } else {
            Violation.unless(exhausted == null, "called expired after its last attempt");
            beginExpired(records, now);
            Violation.unless(isHeadExpired(now), "it has not expired");
            List<Record> head = parts.getFirst();
            int expired = 0;
            while (expired < head.size() && isExpired(head.get(expired), now)) {
                expired++;
            }
            equal("what has expired", head.subList(0, expired), records);
            equal("the attempts and one more", attempts + 1, batch.invokeCount());
            Violation.unless(batch.response() == null, "an answer from the function for an expired batch");
        }
        sameId(batch.origin().requestId());
        discarding = records;
        busy = true;
    }

    void notSent(DiscardedBatch batch) {
        busy = false;
        unsent = batch;
    }

    void discarded(long now) {
        busy = false;
        if (window != null && discarding.isEmpty()) {
            window.finalDone();
        }
        finish(discarding.size(), now);
        discarding = List.of();
    }

    /** Returns the records that are done by it. */
    List<Record> returned(InvocationOutcome outcome, long now) {
        busy = false;
        List<Record> head = parts.getFirst();
        int done = 0;
        if (outcome instanceof InvocationOutcome.Succeeded) {
            done = head.size();
        } else if (outcome instanceof InvocationOutcome.PartlyFailed partly) {
            done = partly.firstFailed();
        }
        if (rules.transactional() && done > 0 && done < head.size()) {
            split(done);
            return List.of();
        }
        if (done > 0 || outcome instanceof InvocationOutcome.Succeeded) {
            finish(done, now);
        } else if (!outcome.consumesAttempt()) {
            refusals++;
            notBefore = now + Math.min(5_000, 200L << Math.min(refusals - 1, 20));
        } else if (rules.bisectBatchOnFunctionError() && head.size() > 1) {
            split(head.size() / 2);
        } else {
            failed(outcome, now);
        }
        return head.subList(0, done);
    }

    private void split(int first) {
        List<Record> head = parts.removeFirst();
        parts.addFirst(head.subList(first, head.size()));
        parts.addFirst(head.subList(0, first));
        fresh();
    }

    /** Whether a final invocation is what is tried now. */
    boolean isFinal() {
        return !parts.isEmpty() && parts.getFirst().isEmpty();
    }

    private void failed(InvocationOutcome outcome, long now) {
        attempts++;
        refusals = 0;
        if (rules.maximumRetryAttempts() >= 0 && attempts > rules.maximumRetryAttempts()) {
            exhausted = outcome;
        } else {
            notBefore = now + Math.min(60_000, 200L << Math.min(attempts - 1, 20));
        }
    }

    private void finish(int count, long now) {
        List<Record> head = parts.removeFirst();
        if (count < head.size()) {
            parts.addFirst(head.subList(count, head.size()));
        }
        fresh();
        if (parts.isEmpty()) {
            freeSince = now;
        }
    }

    private void fresh() {
        attempts = 0;
        refusals = 0;
        notBefore = 0;
        requestId = null;
        exhausted = null;
    }

    private void sameId(String id) {
        if (requestId == null) {
            Violation.unless(requestIds.add(id), "request id " + id + " was used for another batch");
            requestId = id;
        }
        equal("the request id", requestId, id);
    }

    // Batches.

    private void begin(List<Record> batch, long now) {
        if (batch.isEmpty()) {
            beginFinal(now);
            return;
        }
        if (window != null) {
            window.begins(batch);
        }
        resumeHead();
        if (!parts.isEmpty()) {
            return;
        }
        int size = batch.size();
        Violation.unless(size <= waiting.size(), "a batch of more than what is waiting: " + waiting);
        equal("the next records", waiting.subList(0, size), batch);
        if (size > rest) {
            Violation.unless(size <= mapping.batching().batchSize(), "a batch of more than the batch size");
            long windowEnd = Math.max(freeSince, batch.get(0).approximateArrivalMillis())
                    + mapping.batching().maximumBatchingWindow().toMillis();
            Violation.unless(
                    isFull(size) || now >= windowEnd || isExpired(batch.get(0), now) || isOver(size, batch.get(0), now),
                    "an underfilled batch " + (windowEnd - now) + " ms before its window ends");
        }
        take(size);
        rest = 0;
    }

    /** A final invocation comes before everything else. */
    private void beginFinal(long now) {
        Violation.unless(window != null, "an invocation without records");
        window.beginsFinal(waiting, now);
        if (!parts.isEmpty() && parts.getFirst().isEmpty()) {
            return;
        }
        Violation.unless(parts.isEmpty() || window.isClosing(), "a final invocation inside a batch");
        Violation.unless(attempts == 0, "a final invocation between two attempts of a batch");
        parts.addFirst(List.of());
        attempts = attemptsOfFinal;
        attemptsOfFinal = 0;
    }

    /** Whether the tumbling window of a batch ends with it, or is to be waited for no longer. */
    private boolean isOver(int size, Record first, long now) {
        return window != null
                && (window.isPast(first, now) || (size < waiting.size() && window.ends(first, waiting.get(size))));
    }

    /** Expired records that begin a batch of which the rest is not to be seen yet. */
    private void beginExpired(List<Record> expired, long now) {
        if (expired.isEmpty()) {
            beginFinal(now);
            return;
        }
        if (window != null) {
            window.begins(expired);
        }
        resumeHead();
        if (!parts.isEmpty()) {
            return;
        }
        int size = expired.size();
        Violation.unless(size <= waiting.size(), "more expired than what is waiting: " + waiting);
        Violation.unless(size <= mapping.batching().batchSize(), "more expired than a batch");
        take(size);
        rest = mapping.batching().batchSize() - size;
    }

    private void take(int size) {
        parts.add(List.copyOf(waiting.subList(0, size)));
        waiting.subList(0, size).clear();
    }

    private boolean isFull(int size) {
        return size == mapping.batching().batchSize()
                || eventSize.of(waiting.subList(0, size)) > EventSize.MAX_EVENT_BYTES
                || (size < waiting.size() && eventSize.of(waiting.subList(0, size + 1)) > EventSize.MAX_EVENT_BYTES);
    }

    /** Takes up the parts and attempts that the row remembers, as far as they lie in one window. */
    private void resumeHead() {
        RetryState head = resume;
        resume = null;
        if (head == null || hasLargerPartThanBatches(head)) {
            return;
        }
        SequenceNumber firstEnd = head.partEnds().get(0);
        for (SequenceNumber end : head.partEnds()) {
            int size = 0;
            while (size < waiting.size()
                    && waiting.get(size).sequenceNumber().compareTo(end) <= 0
                    && (window == null || !window.ends(waiting.get(0), waiting.get(size)))) {
                size++;
            }
            if (size > 0) {
                if (end.equals(firstEnd)) {
                    attempts = resumable(head.attempts());
                }
                take(size);
            }
        }
    }

    private int resumable(int attempts) {
        return rules.maximumRetryAttempts() < 0 ? attempts : Math.min(attempts, rules.maximumRetryAttempts());
    }

    /** A final invocation is made at least once, and then has the age of its window's end. */
    private boolean isHeadExpired(long now) {
        List<Record> head = parts.getFirst();
        return head.isEmpty()
                ? window != null && attempts > 0 && isExpired(window.end(), now)
                : isExpired(head.get(0), now);
    }

    /** Then the batch size was made smaller, and the head is no more than any other records. */
    private boolean hasLargerPartThanBatches(RetryState head) {
        int size = 0;
        int part = 0;
        for (Record record : waiting) {
            while (part < head.partEnds().size()
                    && record.sequenceNumber().compareTo(head.partEnds().get(part)) > 0) {
                part++;
                size = 0;
            }
            if (part == head.partEnds().size()) {
                return false;
            }
            size++;
            if (size > mapping.batching().batchSize()) {
                return true;
            }
        }
        return false;
    }

    private boolean isExpired(Record record, long now) {
        return isExpired(record.approximateArrivalMillis(), now);
    }

    private boolean isExpired(long since, long now) {
        return rules.maximumRecordAge() != null
                && now - since >= rules.maximumRecordAge().toMillis();
    }

    private static void equal(String what, Object right, Object is) {
        Violation.unless(right.equals(is), what + " should be " + right + " but is " + is);
    }
}
