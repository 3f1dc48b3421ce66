package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One consumer of a shard: a process, a shard, an epoch, and the lanes of the settings it was started with. */
final class ConsumerModel {

    final ShardBook book;
    final CheckpointRow row;
    final int era;
    private final EventSourceMapping mapping;
    private final SimulatedFilter filter;
    private final LaneModel[] lanes;

    /** Null if the mapping has no tumbling windows. */
    final @Nullable WindowModel window;

    /** Records it has read that the filter drops. */
    private final List<Record> filtered = new ArrayList<>();

    /** What it has finished itself. */
    final Set<SequenceNumber> finished = new HashSet<>();

    int inFlight;

    /** Its reader has returned records, or that there are none. */
    boolean isInitialised;

    /** When it learned that another process has the shard. */
    long lostSince = Long.MAX_VALUE;

    /** The process has released the shard unsaved: what it had not saved comes again. */
    boolean isGivenUp;

    /** The database has lost commits since it was opened, which may be its own. */
    boolean isOfThePast;

    /** The database has lost that it has the shard: nothing that it does counts any more. */
    private boolean isCutOff;

    /** The database has lost what it has committed: what it begins is refused in the end. */
    boolean hasLostCommits;

    ConsumerModel(
            ShardBook book,
            CheckpointRow row,
            EventSourceMapping mapping,
            EventSize eventSize,
            Set<String> requestIds,
            long now) {
        this.book = book;
        this.row = row;
        this.era = book.era;
        this.mapping = mapping;
        this.filter = SimulatedFilter.of(mapping.filters());
        Progress restored = row.progress();
        Duration length = mapping.batching().tumblingWindow();
        this.window = length.isZero()
                ? null
                : new WindowModel(length.toMillis(), book, restored.window(), restored.watermark());
        this.lanes = new LaneModel[factor()];
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = new LaneModel(mapping, eventSize, requestIds, headOf(lane, restored), now, window);
        }
    }

    int factor() {
        return mapping.batching().parallelizationFactor();
    }

    /** The head that a row remembers; one of windows is given up with them. */
    private @Nullable RetryState headOf(int lane, Progress progress) {
        if (window == null && progress.window() != null) {
            return null;
        }
        for (RetryState head : progress.heads()) {
            if (head.factor() == factor() && head.lane() == lane) {
                return head;
            }
        }
        return null;
    }

    /** The reader gave it these; what the filter leaves out is finished by that. Returns how many that are. */
    int read(List<Record> records) {
        isInitialised = true;
        int before = filtered.size();
        for (Record record : records) {
            if (leavesOut(record)) {
                filtered.add(record);
                if (counts()) {
                    book.leaveOut(record);
                }
            } else if (!ShardBook.saysFinished(row.progress(), record)) {
                laneOf(record).read(record);
            }
            if (window != null) {
                window.read(record);
            }
        }
        return filtered.size() - before;
    }

    boolean leavesOut(Record record) {
        return !filter.passes().test(record);
    }

    LaneModel laneOf(Record record) {
        return lanes[ShardBook.laneOf(record, factor())];
    }

    LaneModel lane(int number) {
        return lanes[number];
    }

    /** Whether the row remembers the failed heads, and only those. */
    void remembersHeads(Progress progress) {
        for (int lane = 0; lane < lanes.length; lane++) {
            String right = lanes[lane].headToRemember();
            RetryState head = headOf(lane, progress);
            String is = head == null ? "" : head.attempts() + " " + head.partEnds();
            Violation.unless(
                    right == null || right.equals(is),
                    "of lane " + lane + " '" + right + "' should be saved, but it is '" + is + "'");
        }
    }

    /** Whether the progress has passed what was filtered, but where an older record of the same lane is unfinished. */
    void hasPassedFiltered(Progress progress) {
        for (Record record : filtered) {
            if (!ShardBook.saysFinished(progress, record) && !laneOf(record).isUnfinishedBefore(record)) {
                throw new Violation(record + " was filtered, and is not passed by " + progress);
            }
        }
    }

    /** Whether something that it has read is not finished. */
    boolean hasWorkLeft() {
        return Stream.of(lanes).anyMatch(LaneModel::hasWorkLeft);
    }

    boolean hasOpenWindow() {
        return window != null && window.isOpen();
    }

    /** Whether the row has the right window beside the progress. */
    void remembersWindow(Progress progress, long now) {
        if (window == null) {
            Violation.unless(progress.window() == null, "a window is saved of a mapping that has none");
            return;
        }
        SequenceNumber watermark = progress.watermark();
        long done = watermark == null
                ? 0
                : finished.stream()
                        .filter(number -> number.compareTo(watermark) <= 0)
                        .count();
        window.saved((int) done, progress.window(), lanes[0].waiting(), now);
    }

    /** Whether what it finishes still counts: no replay has come between, and the database has not forgotten it. */
    boolean counts() {
        return era == book.era && !isCutOff;
    }

    /** The database is as it was some time ago. */
    void wentBack(boolean isStillOwner) {
        isOfThePast = true;
        isCutOff = !isStillOwner;
        if (counts()) {
            filtered.forEach(book::leaveOut);
        }
        hasLostCommits |= finished.stream().anyMatch(book.lost::contains);
    }

    void finish(List<Record> records) {
        for (Record record : records) {
            finished.add(record.sequenceNumber());
            if (counts()) {
                book.finish(record);
            }
        }
    }
}
