package io.shardmill.poller.shard;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.batch.FinishedRecords;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.filter.RecordFilter;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard as far as its lanes want and the bounds allow. What is read and not finished is held in
 * memory: at most {@link #maxRecords} and {@link #maxBytes}, and one read more, and what the process has for that.
 */
final class Intake {

    private static final int MAX_READ = 10_000;
    private static final int MIN_HELD_RECORDS = 10_000;

    /** So many filtered records make a turn: then it is time for messages and checkpoints. */
    private static final int MAX_FILTERED_AT_ONCE = 10_000;

    private final Shard shard;
    private final ShardReader reader;
    private final FinishedRecords records;
    private final @Nullable RecordFilter filter;
    private final ShardObserver observer;
    private final RecordMemory memory;
    private final int readSize;
    private final int maxRecords;
    private final long maxBytes;

    private int heldRecords;
    private long bytesOfThisGeneration;
    private @Nullable SequenceNumber earlierGenerations;
    private int filtered;
    private boolean readable = true;
    private boolean caughtUp;
    private boolean ended;
    private boolean gone;
    private long notBefore;
    private long retryMillis;
    private @Nullable String problem;

    /** @param filter what decides which records are for the lanes; null if all are */
    Intake(
            Shard shard,
            ShardReader reader,
            FinishedRecords records,
            @Nullable RecordFilter filter,
            Batching batching,
            RecordMemory memory,
            ShardObserver observer) {
        this.shard = shard;
        this.reader = reader;
        this.records = records;
        this.filter = filter;
        this.memory = memory;
        this.observer = observer;
        int lanes = batching.parallelizationFactor();
        this.readSize = Math.min(MAX_READ, batching.batchSize() * lanes);
        this.maxRecords = Math.max(MIN_HELD_RECORDS, 2 * batching.batchSize() * lanes);
        this.maxBytes = (long) EventSize.MAX_EVENT_BYTES * (lanes + 1);
    }

    /**
     * Reads while somebody wants records, there is room, and the reader has some at hand.
     *
     * @return false if it has stopped before that, because so many were filtered: the reader wants to be woken
     */
    boolean fill(long now, BooleanSupplier wanted) {
        if (now >= notBefore || notBefore - now > retryMillis) { // the latter if the clock was set back
            notBefore = 0;
        }
        filtered = 0;
        while (isAtHand() && wanted.getAsBoolean() && memory.tryReserve()) {
            take(reader.read(readSize, memory.reserved()), now);
            if (filtered >= MAX_FILTERED_AT_ONCE) {
                readable = false;
                return false;
            }
        }
        return true;
    }

    private void take(ReadResult result, long now) {
        if (!(result instanceof ReadResult.Unavailable)) {
            problem = null;
        }
        if (result instanceof ReadResult.Records read) {
            observer.polled(shard, read.records().size());
            caughtUp = false;
            if (filter == null) {
                read.records().forEach(this::take);
            } else {
                takeMatching(filter, read.records());
            }
            letGoOfChunks();
        } else if (result instanceof ReadResult.Nothing nothing) {
            observer.polled(shard, 0);
            readable = false;
            caughtUp = nothing.caughtUp();
        } else if (result instanceof ReadResult.ShardEnded) {
            ended = true;
            caughtUp = true;
        } else if (result instanceof ReadResult.Trimmed trimmed) {
            observer.trimmed(shard, trimmed.next());
        } else if (result instanceof ReadResult.Unavailable unavailable) {
            if (problem == null) {
                observer.unavailable(shard, unavailable.reason());
            }
            problem = unavailable.reason();
            retryMillis = Math.max(1, unavailable.retryAfter().toMillis());
            notBefore = now + retryMillis;
        } else if (result instanceof ReadResult.StreamGone) {
            gone = true;
        } else {
            throw new IllegalStateException("Unknown read result " + result);
        }
    }

    private void takeMatching(RecordFilter filter, List<Record> read) {
        int before = filtered;
        for (Record record : read) {
            if (matches(filter, record)) {
                take(record);
            } else {
                bytesOfThisGeneration += record.size();
                records.skip(record);
                filtered++;
            }
        }
        observer.filteredOut(shard, filtered - before);
    }

    /** A record that can't be judged is delivered: the function can refuse it, but nobody can bring it back. */
    private boolean matches(RecordFilter filter, Record record) {
        try {
            return filter.matches(record);
        } catch (RuntimeException fault) {
            observer.unfilterable(record, fault);
            return true;
        }
    }

    private void take(Record record) {
        bytesOfThisGeneration += record.size();
        if (records.read(record) >= 0) {
            heldRecords++;
            memory.hold(record);
        }
    }

    /**
     * A record may be a slice of a chunk that it was read in with others: a lane that lags behind would keep a chunk in
     * memory for each of its records. What is still here when this much more was read after it gets bytes of its own.
     */
    private void letGoOfChunks() {
        if (bytesOfThisGeneration > memory.generationBytes()) {
            if (earlierGenerations != null) {
                records.compact(earlierGenerations);
            }
            earlierGenerations = records.lastRead();
            bytesOfThisGeneration = 0;
        }
    }

    /** The lane's oldest {@code count} records are finished. */
    void finish(int lane, int count) {
        for (int index = 0; index < count; index++) {
            memory.letGo(records.get(lane, index));
        }
        memory.giveBackLetGo();
        heldRecords -= count;
        records.finish(lane, count);
    }

    /** Reading may give something at once. */
    boolean isAtHand() {
        return readable && notBefore == 0 && !ended && !gone && hasRoom();
    }

    /** There are records, or may be, that only have to come. */
    boolean expectsMore() {
        return !caughtUp && !ended && !gone;
    }

    /** What is held has not reached its bounds. */
    boolean hasRoom() {
        return heldRecords < maxRecords && memory.held() < maxBytes && !memory.isWaiting();
    }

    /** There may be something to read. */
    void wake() {
        readable = true;
    }

    /** What it knows of the tip may be old: read again before saying so. */
    void lookAgain() {
        readable = true;
        caughtUp = ended;
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    /** The shard is read to its end. */
    boolean isEnded() {
        return ended;
    }

    /** The stream was deleted. */
    boolean isGone() {
        return gone;
    }

    boolean isEmpty() {
        return heldRecords == 0;
    }

    /** When to try reading again; the end of time if nothing hinders it. */
    long due() {
        return notBefore == 0 ? Long.MAX_VALUE : notBefore;
    }

    @Nullable
    String problem() {
        return problem;
    }

    /** Whether there may be something to read, and no memory for it. */
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
        try {
            reader.close();
        } finally {
            memory.close();
        }
    }
}
