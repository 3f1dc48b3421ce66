package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.LaneHead;
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
    private @Nullable LaneHead resume;
    private int attempts;
    private int refusals;
    private @Nullable String requestId;
    private long notBefore;
    private @Nullable InvocationOutcome exhausted;
    private List<Record> discarding = List.of();
    private boolean busy;
    private long freeSince;

    /** Of a batch only the expired beginning was seen: the rest, at most this much, needs no window. */
    private int rest;

    LaneModel(
            EventSourceMapping mapping,
            EventSize eventSize,
            Set<String> requestIds,
            @Nullable LaneHead resume,
            long freeSince) {
        this.mapping = mapping;
        this.rules = mapping.failureHandling();
        this.eventSize = eventSize;
        this.requestIds = requestIds;
        this.resume = resume;
        this.freeSince = freeSince;
    }

    void read(Record record) {
        waiting.add(record);
    }

    /** What a row has to remember of it when nothing is in flight, as {@code attempts [ends]}; null if that is not known. */
    @Nullable
    String headToRemember() {
        if (resume != null) {
            return null;
        }
        boolean hasFailed = attempts > 0 || parts.size() > 1;
        return hasFailed ? attempts + " " + parts.stream().map(LaneModel::end).toList() : "";
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
        failed(new InvocationOutcome.TooLarge(eventSize.of(batch)), now);
    }

    private void attempted(List<Record> batch, int attempt, long now) {
        Violation.unless(!busy, "the lane is busy");
        Violation.unless(exhausted == null, "attempted again after its last attempt");
        begin(batch, now);
        equal("the head", parts.getFirst(), batch);
        Violation.unless(!isExpired(batch.get(0), now), "an expired record is attempted");
        equal("the attempt's number", attempts + 1, attempt);
        Violation.unless(now >= notBefore, "attempted " + (notBefore - now) + " ms before the backoff is over");
    }

    void discards(DiscardedBatch batch, long now) {
        Violation.unless(!busy, "the lane is busy");
        if (batch.condition() == Condition.RETRY_ATTEMPTS_EXHAUSTED) {
            InvocationOutcome last = exhausted;
            Violation.unless(last != null, "given up before its last attempt");
            equal("what is given up", parts.getFirst(), batch.records());
            equal("the attempts", attempts, batch.invokeCount());
            equal("whether the function answered", last.reachedFunction(), batch.response() != null);
        } else {
            Violation.unless(exhausted == null, "called expired after its last attempt");
            beginExpired(batch.records());
            List<Record> head = parts.getFirst();
            int expired = 0;
            while (expired < head.size() && isExpired(head.get(expired), now)) {
                expired++;
            }
            equal("what has expired", head.subList(0, expired), batch.records());
            equal("the attempts and one more", attempts + 1, batch.invokeCount());
            Violation.unless(batch.response() == null, "an answer from the function for an expired batch");
        }
        sameId(batch.origin().requestId());
        discarding = batch.records();
        busy = true;
    }

    void discarded(long now) {
        busy = false;
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
        if (done > 0) {
            finish(done, now);
        } else if (outcome instanceof InvocationOutcome.NotInvoked) {
            refusals++;
            notBefore = now + Math.min(5_000, 200L << Math.min(refusals - 1, 20));
        } else if (rules.bisectBatchOnFunctionError() && head.size() > 1) {
            parts.removeFirst();
            parts.addFirst(head.subList(head.size() / 2, head.size()));
            parts.addFirst(head.subList(0, head.size() / 2));
            fresh();
        } else {
            failed(outcome, now);
        }
        return head.subList(0, done);
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
                    isFull(size) || now >= windowEnd || isExpired(batch.get(0), now),
                    "an underfilled batch " + (windowEnd - now) + " ms before its window ends");
        }
        take(size);
        rest = 0;
    }

    /** Expired records that begin a batch of which the rest is not to be seen yet. */
    private void beginExpired(List<Record> expired) {
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

    /** Takes up the parts and attempts that the row remembers. */
    private void resumeHead() {
        LaneHead head = resume;
        resume = null;
        if (head == null || hasLargerPartThanBatches(head)) {
            return;
        }
        SequenceNumber firstEnd = head.ends().get(0);
        for (SequenceNumber end : head.ends()) {
            int size = 0;
            while (size < waiting.size() && waiting.get(size).sequenceNumber().compareTo(end) <= 0) {
                size++;
            }
            if (size > 0) {
                if (end.equals(firstEnd)) {
                    attempts = rules.maximumRetryAttempts() < 0
                            ? head.attempts()
                            : Math.min(head.attempts(), rules.maximumRetryAttempts());
                }
                take(size);
            }
        }
    }

    /** Then the batch size was made smaller, and the head is no more than any other records. */
    private boolean hasLargerPartThanBatches(LaneHead head) {
        int size = 0;
        int part = 0;
        for (Record record : waiting) {
            while (part < head.ends().size()
                    && record.sequenceNumber().compareTo(head.ends().get(part)) > 0) {
                part++;
                size = 0;
            }
            if (part == head.ends().size()) {
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
        return rules.maximumRecordAge() != null
                && now - record.approximateArrivalMillis()
                        >= rules.maximumRecordAge().toMillis();
    }

    private static void equal(String what, Object right, Object is) {
        Violation.unless(right.equals(is), what + " should be " + right + " but is " + is);
    }
}
