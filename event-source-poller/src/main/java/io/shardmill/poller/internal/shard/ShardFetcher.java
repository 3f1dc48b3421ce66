package io.shardmill.poller.internal.shard;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads a shard as far as its lanes want and the bounds allow. Touched only inside the shard's turns. */
final class ShardFetcher {

    /** Ends a turn after this many filtered records, for messages and checkpoints. */
    private static final int MAX_FILTERED_AT_ONCE = 10_000;

    private final Shard shard;
    private final ShardReader reader;
    private final int readSize;
    private final FilterStage filters;
    private final HeldRecords held;
    private final ShardObserver observer;
    private final ReadBackoff backoff = new ReadBackoff();

    private boolean readable = true;
    private boolean caughtUp;
    private boolean ended;
    private boolean gone;

    /** @param readSize how many records to read at a time */
    ShardFetcher(
            Shard shard,
            ShardReader reader,
            int readSize,
            FilterStage filters,
            HeldRecords held,
            ShardObserver observer) {
        this.shard = shard;
        this.reader = reader;
        this.readSize = readSize;
        this.filters = filters;
        this.held = held;
        this.observer = observer;
    }

    /**
     * Reads while somebody wants records, there is room, and the reader has some at hand.
     *
     * @return false if it has stopped before that, because so many were filtered: the reader wants to be woken
     */
    boolean fetch(long now, BooleanSupplier wanted) {
        backoff.update(now);
        int filtered = 0;
        while (isAtHand() && wanted.getAsBoolean() && held.tryReserve()) {
            filtered += take(reader.read(readSize, held.reserved()), now);
            if (filtered >= MAX_FILTERED_AT_ONCE) {
                readable = false;
                return false;
            }
        }
        return true;
    }

    /** Returns how many records were filtered. */
    private int take(ReadResult result, long now) {
        if (result instanceof ReadResult.Unavailable unavailable) {
            if (backoff.begin(unavailable, now)) {
                observer.unavailable(shard, unavailable.reason());
            }
            return 0;
        }
        boolean isUnderWay = result instanceof ReadResult.Nothing nothing && !nothing.caughtUp();
        if (!isUnderWay) {
            backoff.end();
        }
        if (result instanceof ReadResult.Records read) {
            observer.polled(shard, read.records().size());
            caughtUp = false;
            int filtered = filters.pass(read.records(), held);
            held.compact();
            return filtered;
        }
        if (result instanceof ReadResult.Nothing nothing) {
            observer.polled(shard, 0);
            readable = false;
            caughtUp = nothing.caughtUp();
        } else if (result instanceof ReadResult.ShardEnded) {
            ended = true;
            caughtUp = true;
        } else if (result instanceof ReadResult.Trimmed trimmed) {
            observer.trimmed(shard, trimmed.next());
        } else if (result instanceof ReadResult.StreamGone) {
            gone = true;
        } else {
            throw new IllegalStateException("Unknown read result " + result);
        }
        return 0;
    }

    /** Reports that a lane's batch is retried with its first records only: the others can't be read in time. */
    void cutShort(int lane, int records) {
        observer.cutShort(shard, lane, records);
    }

    HeldRecords held() {
        return held;
    }

    /** Returns whether a read may bring something at once. */
    boolean isAtHand() {
        return readable && !backoff.isWaiting() && !ended && !gone && held.hasRoom();
    }

    /** Returns whether more records exist, or may exist. */
    boolean expectsMore() {
        return !caughtUp && !ended && !gone;
    }

    /** Lets the next turn read: there may be something. */
    void wake() {
        readable = true;
    }

    /** Reads again before it reports that it is caught up. */
    void readAgain() {
        reader.refresh();
        readable = true;
        caughtUp = ended;
    }

    /** This is what the checkpoint says. */
    void saved(Progress progress) {
        reader.finished(progress.watermark(), ProgressText.ofFacts(progress.ahead()));
    }

    /** Returns whether the last read reached the shard's tip. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    /** Returns how many of the shard's records are not read yet, at most; empty if that is not known. */
    OptionalLong recordsBehind() {
        return problem() == null ? reader.recordsBehind() : OptionalLong.empty();
    }

    /** Returns how far behind its newest record the shard is read; empty if that is not known. */
    OptionalLong millisBehindLatest() {
        return problem() == null ? reader.millisBehindLatest() : OptionalLong.empty();
    }

    /** Returns whether the shard is read to its end. */
    boolean isEnded() {
        return ended;
    }

    /** Returns whether the stream was deleted. */
    boolean isGone() {
        return gone;
    }

    /** Returns when to try reading again; the end of time if nothing hinders it. */
    long due() {
        return backoff.due();
    }

    @Nullable
    String problem() {
        return backoff.problem();
    }

    void close() {
        try {
            reader.close();
        } finally {
            held.close();
        }
    }
}
