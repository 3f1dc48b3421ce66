package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.internal.batch.BatchDelivery;
import io.shardmill.poller.internal.batch.FinishedRecords;
import io.shardmill.poller.internal.batch.LaneWindow;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.InvocationOutcome;

/**
 * The tumbling windows of a lane, one after the other: when each is over, and what becomes of its state. Belongs to its
 * {@link Lane}.
 */
final class LaneWindows {

    private final LaneWindow window;
    private final FinishedRecords records;
    private final int lane;

    /** Whether the stream was read again after the open window's time. */
    private boolean readAgainAfterwards;

    /** Attempts that a previous run has made of the final invocation that is due. */
    private int attemptsOfFinal;

    LaneWindows(LaneWindow window, FinishedRecords records, int lane) {
        this.window = window;
        this.records = records;
        this.lane = lane;
    }

    /** Keeps the attempts that were made of a final invocation, and returns the head without them. */
    RetryState resume(RetryState head) {
        if (!window.isClosing()) {
            return head;
        }
        attemptsOfFinal = head.attempts();
        return new RetryState(head.lane(), head.factor(), 0, head.partEnds());
    }

    int attemptsOfFinal() {
        return attemptsOfFinal;
    }

    /** Opens a window for the next batch if none is open. */
    void begin() {
        window.begin(records.get(lane, 0));
    }

    BatchDelivery finalDelivery(FailureHandling rules) {
        int attempts = attemptsOfFinal;
        attemptsOfFinal = 0;
        return BatchDelivery.ofFinal(rules, attempts, end());
    }

    private long end() {
        OpenWindow open = window.open();
        return open == null ? 0 : open.end().toEpochMilli();
    }

    /**
     * Returns whether the open window's final invocation is due (spec 6.7.3): it was decided already, a record of a later window
     * waits, the shard is at its end, or nothing has come for a while and another read of the stream finds nothing.
     */
    boolean isOver(long now, ShardFetcher fetcher) {
        if (window.open() == null || window.isClosing()) {
            return window.isClosing();
        }
        if (!isFollowedByAnother() && !hasNothingMoreToCome(now, fetcher)) {
            return false;
        }
        window.close();
        return true;
    }

    private boolean isFollowedByAnother() {
        return records.unfinished(lane) > 0 && !window.takes(records.get(lane, 0), records.get(lane, 0));
    }

    private boolean hasNothingMoreToCome(long now, ShardFetcher fetcher) {
        if (records.unfinished(lane) > 0) {
            return false;
        }
        if (fetcher.isEnded()) {
            return true;
        }
        if (now < window.closesAt()) {
            return false;
        }
        if (!readAgainAfterwards) {
            readAgainAfterwards = true;
            fetcher.readAgain();
        }
        return fetcher.isCaughtUp();
    }

    /** Returns when to check whether the window is over: at its time, and at once if the stream is to be read for that. */
    long due(long now, ShardFetcher fetcher) {
        if (now < window.closesAt()) {
            return window.closesAt();
        }
        return records.unfinished(lane) == 0 && fetcher.isAtHand() ? now : Long.MAX_VALUE;
    }

    /** Keeps the state that an outcome brings; {@code finished} records are finished by it. */
    void completed(boolean isFinal, InvocationOutcome outcome, int finished, BatchDelivery delivery) {
        if (isFinal && outcome instanceof InvocationOutcome.Succeeded) {
            closed();
        } else if (finished > 0 && outcome.state() != null) {
            window.keep(outcome.state());
            if (window.isClosing() && !delivery.isDone()) {
                delivery.finalFirst(end());
            }
        }
    }

    /** Ends the window: its final invocation is done or given up. */
    void closed() {
        window.closed();
        readAgainAfterwards = false;
    }
}
