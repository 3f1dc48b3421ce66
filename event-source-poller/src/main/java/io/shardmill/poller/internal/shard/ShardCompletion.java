package io.shardmill.poller.internal.shard;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.monitoring.ShardObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a shard's consumer. It runs until it is stopped or reaches the shard's end; when none of its calls runs any more and its
 * last state is saved, it reports its end, once. Touched only inside the shard's turns.
 */
final class ShardCompletion {

    private final Shard shard;
    private final ShardCheckpoint checkpoint;
    private final ShardFetcher fetcher;
    private final Lanes lanes;
    private final ShardObserver observer;
    private final Consumer<ShardEnd> over;
    private final List<Runnable> whenDrained = new ArrayList<>();

    /** The end to report; set when no new work may begin. */
    private @Nullable ShardEnd ending;

    private boolean leavesUnsaved;
    private boolean isOver;

    /** @param over called once, at the end */
    ShardCompletion(
            Shard shard,
            ShardCheckpoint checkpoint,
            ShardFetcher fetcher,
            Lanes lanes,
            ShardObserver observer,
            Consumer<ShardEnd> over) {
        this.shard = shard;
        this.checkpoint = checkpoint;
        this.fetcher = fetcher;
        this.lanes = lanes;
        this.observer = observer;
        this.over = over;
    }

    /** Returns whether new work may begin. */
    boolean isRunning() {
        return ending == null;
    }

    boolean isOver() {
        return isOver;
    }

    /** Returns whether lanes continue with the outcomes of their calls. */
    boolean considersOutcomes() {
        return !isOver && (ending == null || ending == ShardEnd.STOPPED);
    }

    void stop() {
        if (ending == null) {
            ending = ShardEnd.STOPPED;
        }
    }

    /** Stops waiting for the last state to be saved. */
    void leaveUnsaved() {
        leavesUnsaved = true;
    }

    void streamGone() {
        ending = ShardEnd.GONE;
    }

    /** Ends without saving: another process has the shard. It may be told again and again while calls still run. */
    void lost() {
        if (!isOver && ending != ShardEnd.LOST) {
            observer.lost(shard);
            ending = ShardEnd.LOST;
        }
    }

    /** Ends at once, whatever still runs. */
    void abandon() {
        if (!isOver) {
            end(ending == null ? ShardEnd.STOPPED : ending);
        }
    }

    /** Runs {@code drained} once when the stream was read again and everything of the shard is finished and saved. */
    void whenDrained(Runnable drained) {
        whenDrained.add(drained);
        fetcher.readAgain();
    }

    /** Saves what has changed, and ends what has come to its end. */
    void settle() {
        boolean isEmpty = fetcher.held().isEmpty();
        boolean isAtEnd = isRunning() && fetcher.isEnded() && isEmpty && lanes.window() == null;
        if (ending != ShardEnd.LOST) {
            checkpoint.offer(isAtEnd ? ShardState.ENDED : ShardState.READING, lanes.progress());
        }
        if (isEmpty && fetcher.isCaughtUp() && !lanes.isClosingWindow() && checkpoint.isSaved()) {
            whenDrained.forEach(Runnable::run);
            whenDrained.clear();
        }
        ShardEnd next = isAtEnd ? ShardEnd.ENDED : ending;
        if (next != null && !lanes.isBusy() && (checkpoint.isSaved() || !savesFirst(next))) {
            end(next);
        }
    }

    private boolean savesFirst(ShardEnd end) {
        return end == ShardEnd.ENDED || (end == ShardEnd.STOPPED && !leavesUnsaved);
    }

    private void end(ShardEnd how) {
        isOver = true;
        try {
            fetcher.close();
            if (how == ShardEnd.ENDED) {
                observer.ended(shard);
            }
        } finally {
            over.accept(how);
        }
    }

    /** Ends after a fault, as soon as the calls in flight have returned. Throws nothing. */
    void crash(Throwable fault) {
        ending = ShardEnd.CRASHED;
        try {
            observer.crashed(shard, fault);
        } catch (RuntimeException | Error unheard) {
            Faults.log("An observer failed to hear of a shard's crash", unheard);
        }
        try {
            if (!lanes.isBusy() && !isOver) {
                end(ShardEnd.CRASHED);
            }
        } catch (RuntimeException | Error unclosed) {
            Faults.log("A shard that crashed could not be closed", unclosed);
        }
    }
}
