package io.shardmill.kinesis;

import io.shardmill.function.Record;
import io.shardmill.poller.stream.ReadResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has come of a shard and was not given to the engine yet. Not thread-safe: its reader guards it. */
final class Arrivals {

    private final ReadAhead readAhead;
    private final Deque<Record> records = new ArrayDeque<>();
    private long held;
    private @Nullable ReadResult end;
    private ReadResult.@Nullable Unavailable problem;

    /** An answer said that nothing follows, and the engine does not know yet. */
    private boolean isAtTip;

    /** The engine knows, and nothing came since. */
    private boolean isTipReported;

    private int questions;

    Arrivals(ReadAhead readAhead) {
        this.readAhead = readAhead;
    }

    void add(List<Record> arrived) {
        isTipReported &= arrived.isEmpty();
        for (Record record : arrived) {
            records.add(record);
            hold(record.size());
        }
    }

    /** Notes whether the shard has nothing after what has arrived. */
    void tip(boolean isAtTip) {
        this.isAtTip = isAtTip && !isTipReported;
    }

    /** Returns how often the engine wanted to know anew whether it is at the tip: an earlier answer does not say so. */
    int questions() {
        return questions;
    }

    /** Nothing follows what has arrived. */
    void end(ReadResult end) {
        this.end = end;
    }

    void problem(ReadResult.Unavailable problem) {
        this.problem = problem;
    }

    /** Returns whether there is nothing to give, and nothing to say but that. */
    boolean isEmpty() {
        return records.isEmpty() && end == null && problem == null;
    }

    /** Returns whether {@link #next} would say something else than before. */
    boolean isNews() {
        return !isEmpty() || isAtTip;
    }

    /** Returns the next result for the engine. Reports a problem once, and each arrival at the tip once. */
    ReadResult next(int maxRecords, int maxBytes) {
        if (!records.isEmpty()) {
            return new ReadResult.Records(take(maxRecords, maxBytes));
        }
        if (end != null) {
            return end;
        }
        if (problem != null) {
            ReadResult told = problem;
            problem = null;
            return told;
        }
        if (isTipReported && !isAtTip) {
            questions++;
        }
        isTipReported = isAtTip;
        isAtTip = false;
        return new ReadResult.Nothing(isTipReported);
    }

    private List<Record> take(int maxRecords, int maxBytes) {
        List<Record> taken = new ArrayList<>(Math.min(records.size(), maxRecords));
        long bytes = 0;
        while (!records.isEmpty() && taken.size() < maxRecords) {
            int size = records.getFirst().size();
            if (!taken.isEmpty() && bytes + size > maxBytes) {
                break;
            }
            bytes += size;
            taken.add(records.removeFirst());
        }
        hold(-bytes);
        return taken;
    }

    private void hold(long bytes) {
        held += bytes;
        readAhead.hold(bytes);
    }

    /** Forgets everything. */
    void clear() {
        records.clear();
        hold(-held);
    }
}
