package io.shardmill.poller.shard;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.batch.FinishedRecords;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard as far as its lanes want and the bounds allow. What is read and not finished is held in
 * memory: at most {@link #maxRecords} and {@link #maxBytes}, and one read more.
 */
final class Intake {

    private static final int MAX_READ = 10_000;
    private static final int MIN_HELD_RECORDS = 10_000;

    private final Shard shard;
    private final ShardReader reader;
    private final FinishedRecords records;
    private final ShardObserver observer;
    private final int readSize;
    private final int maxRecords;
    private final long maxBytes;

    private int heldRecords;
    private long heldBytes;
    private boolean readable = true;
    private boolean caughtUp;
    private boolean ended;
    private boolean gone;
    private long notBefore;
    private long retryMillis;
    private @Nullable String problem;

    Intake(Shard shard, ShardReader reader, FinishedRecords records, Batching batching, ShardObserver observer) {
        this.shard = shard;
        this.reader = reader;
        this.records = records;
        this.observer = observer;
        int lanes = batching.parallelizationFactor();
        this.readSize = Math.min(MAX_READ, batching.batchSize() * lanes);
        this.maxRecords = Math.max(MIN_HELD_RECORDS, 2 * batching.batchSize() * lanes);
        this.maxBytes = (long) EventSize.MAX_EVENT_BYTES * (lanes + 1);
    }

    /** Reads while somebody wants records, there is room, and the reader has some at hand. */
    void fill(long now, BooleanSupplier wanted) {
        if (now >= notBefore || notBefore - now > retryMillis) { // the latter if the clock was set back
            notBefore = 0;
        }
        while (isAtHand() && wanted.getAsBoolean()) {
            take(reader.read(readSize, EventSize.MAX_EVENT_BYTES), now);
        }
    }

    private void take(ReadResult result, long now) {
        if (!(result instanceof ReadResult.Unavailable)) {
            problem = null;
        }
        if (result instanceof ReadResult.Records read) {
            observer.polled(shard, read.records().size());
            caughtUp = false;
            read.records().forEach(this::take);
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

    private void take(Record record) {
        if (records.read(record) >= 0) {
            heldRecords++;
            heldBytes += bytes(record);
        }
    }

    /** The lane's oldest {@code count} records are finished. */
    void finish(int lane, int count) {
        for (int index = 0; index < count; index++) {
            heldBytes -= bytes(records.get(lane, index));
        }
        heldRecords -= count;
        records.finish(lane, count);
    }

    private static long bytes(Record record) {
        return record.size();
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
        return heldRecords < maxRecords && heldBytes < maxBytes;
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

    void close() {
        reader.close();
    }
}
