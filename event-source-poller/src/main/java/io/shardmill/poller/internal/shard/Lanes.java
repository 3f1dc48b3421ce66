package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.internal.batch.FinishedRecords;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The lanes of a shard, each of which is the first to be advanced in turn. Touched only inside the shard's turns. */
final class Lanes {

    private final Lane[] lanes;
    private final FinishedRecords records;
    private int first;

    Lanes(Lane[] lanes, FinishedRecords records) {
        this.lanes = lanes;
        this.records = records;
    }

    int count() {
        return lanes.length;
    }

    boolean wantRecords(long now) {
        for (Lane lane : lanes) {
            if (lane.wantsRecords(now)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a lane advanced without a call: then it may want records, and can be advanced again. */
    boolean advance(LaneRunner runner, long now, List<ShardTurns.Work<ShardMessage>> work) {
        boolean gotOn = false;
        for (int index = 0; index < lanes.length; index++) {
            Lane lane = lanes[(first + index) % lanes.length];
            if (!lane.isBusy()) {
                gotOn |= runner.advance(lane, now, work);
            }
        }
        return gotOn;
    }

    /** Makes the next lane the first to be advanced. */
    void rotate() {
        first = (first + 1) % lanes.length;
    }

    /** Makes this lane the first to be advanced. */
    void startWith(int lane) {
        first = lane;
    }

    /** Returns when to advance a lane again; the end of time if none waits for a time. */
    long due() {
        long due = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            due = Math.min(due, lane.due());
        }
        return due;
    }

    /** Returns the progress that a checkpoint stores. */
    Progress progress() {
        List<RetryState> heads = new ArrayList<>();
        for (Lane lane : lanes) {
            lane.head().ifPresent(heads::add);
        }
        return records.progress(heads).in(window());
    }

    /** Returns the open tumbling window, which only a shard of one lane has; or null. */
    @Nullable
    OpenWindow window() {
        return lanes[0].openWindow();
    }

    boolean isClosingWindow() {
        return lanes[0].isClosingWindow();
    }

    /** Returns whether a call is in flight. */
    boolean isBusy() {
        for (Lane lane : lanes) {
            if (lane.isBusy()) {
                return true;
            }
        }
        return false;
    }

    /** Returns why a batch can't be invoked for a fault of Shardmill's, or null. */
    @Nullable
    String problem() {
        return Arrays.stream(lanes)
                .map(Lane::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns the age in milliseconds of the oldest record that is not finished, 0 if the clock was set back; empty without any. */
    OptionalLong iteratorAge(long now) {
        return Arrays.stream(lanes)
                .filter(lane -> records.unfinished(lane.number()) > 0)
                .mapToLong(lane ->
                        Math.max(0, now - records.get(lane.number(), 0).approximateArrivalMillis()))
                .max();
    }

    /** Returns how many records are read and not finished. */
    long unfinished() {
        return Arrays.stream(lanes)
                .mapToLong(lane -> records.unfinished(lane.number()))
                .sum();
    }

    /** @param isMemoryShort whether there may be records that can't be read for lack of memory */
    List<LaneStatus> statuses(boolean isMemoryShort, long now) {
        return Arrays.stream(lanes)
                .map(lane -> lane.status(isMemoryShort && lane.wantsRecords(now)))
                .toList();
    }
}
