package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.RetryState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is read and what is finished of a shard.
 *
 * <pre>
 *   read in order:   a1 b1 a2 c1 b2 a3      lanes a, b, c
 *   unfinished:            a2    b2
 *   through:         a: b1    b: c1    c: a3 (nothing unfinished: the last number read)
 *   watermark:       b1, the lowest of them; the others are the facts ahead of it
 * </pre>
 *
 * A lane is finished through the record read just before its first unfinished one, of whatever lane that is.
 * Facts of a previous run, made under another factor perhaps, are kept until the watermark has passed them. Those about records
 * that were unpacked then and are not now, or the other way round, are forgotten: such records have other keys now.
 */
public final class FinishedRecords {

    private final LaneQueue[] lanes;
    private final boolean unpacked;
    private List<LaneFact> earlier;
    private @Nullable SequenceNumber lastRead;

    /** Of a source that doesn't unpack. */
    public FinishedRecords(int factor, Progress restored) {
        this(factor, restored, false);
    }

    /** @param unpacked whether the source {@linkplain io.shardmill.poller.stream.StreamSource#unpacks unpacks} */
    public FinishedRecords(int factor, Progress restored, boolean unpacked) {
        this.unpacked = unpacked;
        lanes = new LaneQueue[factor];
        for (int lane = 0; lane < factor; lane++) {
            lanes[lane] = new LaneQueue();
        }
        earlier = restored.ahead().stream()
                .filter(fact -> fact.unpacked() == unpacked)
                .toList();
        lastRead = restored.watermark();
    }

    /**
     * Adds a record to its lane, unless a previous run finished it.
     *
     * @return its lane, or -1 if it is finished
     */
    public int read(Record record) {
        int lane = !earlier.isEmpty() && isFinished(record) ? -1 : LaneHash.laneOf(record, lanes.length);
        if (lane >= 0) {
            lanes[lane].add(record, lastRead);
        }
        lastRead = record.sequenceNumber();
        return lane;
    }

    /** Finishes a record that was filtered out. */
    public void skip(Record record) {
        lastRead = record.sequenceNumber();
    }

    private boolean isFinished(Record record) {
        for (LaneFact fact : earlier) {
            if (!record.sequenceNumber().isAfter(fact.through())
                    && LaneHash.laneOf(record, fact.factor()) == fact.lane()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Copies unfinished records up to this number out of the memory that they share with finished ones. To be called with numbers
     * that were read some time ago: a record that is finished soon is not worth a copy.
     */
    public void compact(SequenceNumber through) {
        for (LaneQueue lane : lanes) {
            lane.compact(through);
        }
    }

    /** Returns how many records of the lane are unfinished. */
    public int unfinished(int lane) {
        return lanes[lane].size();
    }

    /** Returns an unfinished record of the lane, 0 being the oldest. */
    public Record get(int lane, int index) {
        return lanes[lane].get(index);
    }

    /** Returns the lane's oldest unfinished records, unmodifiable. */
    public List<Record> first(int lane, int count) {
        return lanes[lane].first(count);
    }

    /** Finishes the lane's oldest {@code count} unfinished records. */
    public void finish(int lane, int count) {
        lanes[lane].remove(count);
    }

    /** Returns the newest number read, or finished before; null at the shard's start. */
    public @Nullable SequenceNumber lastRead() {
        return lastRead;
    }

    /** Returns the progress that a checkpoint stores. */
    public Progress progress(List<RetryState> heads) {
        SequenceNumber watermark = watermark();
        forget(watermark);
        List<LaneFact> ahead = new ArrayList<>();
        for (int lane = 0; lane < lanes.length; lane++) {
            SequenceNumber through = through(lane);
            if (through != null && (watermark == null || through.isAfter(watermark))) {
                ahead.add(new LaneFact(lane, lanes.length, through, unpacked));
            }
        }
        return new Progress(watermark, LaneFact.union(earlier, ahead), heads);
    }

    private @Nullable SequenceNumber through(int lane) {
        return lanes[lane].size() == 0 ? lastRead : lanes[lane].beforeFirst();
    }

    private @Nullable SequenceNumber watermark() {
        SequenceNumber lowest = lastRead;
        for (int lane = 0; lane < lanes.length && lowest != null; lane++) {
            SequenceNumber through = through(lane);
            if (through == null || lowest.isAfter(through)) {
                lowest = through;
            }
        }
        return lowest;
    }

    private void forget(@Nullable SequenceNumber watermark) {
        if (watermark != null && !earlier.isEmpty()) {
            earlier = earlier.stream()
                    .filter(fact -> fact.through().isAfter(watermark))
                    .toList();
        }
    }
}
