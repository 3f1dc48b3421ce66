package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SegmentMeta;
import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.model.Durability;
import io.shardmill.function.PutResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one shard's log: gives the counters, rolls the segments, and takes back what could not be written.
 * Used by the log thread only. A group goes through {@link #stage}, {@link #prepare}, {@link #write},
 * {@link #force} and {@link #settle}; a failure on the way rejects the shard's part of the group and nothing else.
 */
public final class ShardAppender {

    private static final Logger LOG = LoggerFactory.getLogger(ShardAppender.class);
    private static final int AGES_PER_RETENTION = 8;

    private final ShardLog log;
    private final SegmentStore store;
    private final LongSupplier retentionMillis;
    private final List<StagedRecord> staged = new ArrayList<>();
    private int stagedBytes;
    private long nextCounter;
    private long firstOfGroup;
    private @Nullable SegmentWriter writer;
    private long writerOpenedMillis;
    private long arrivalMillis;
    private @Nullable Exception failure;

    /** @param retentionMillis of the stream, now: a segment is not written on for longer than a part of it */
    ShardAppender(ShardLog log, SegmentStore store, long firstCounter, LongSupplier retentionMillis) {
        this.log = log;
        this.store = store;
        this.nextCounter = firstCounter;
        this.retentionMillis = retentionMillis;
    }

    public ShardLog log() {
        return log;
    }

    /** Raises the next record's counter to at least this. */
    public void numberFrom(long counter) {
        nextCounter = Math.max(nextCounter, counter);
    }

    public boolean needsOpening() {
        return SequenceNumbers.isHalfUsed(nextCounter);
    }

    /** Adds a record to the group; returns true if it is this shard's first. */
    boolean stage(StagedRecord entry) {
        if (staged.isEmpty()) {
            firstOfGroup = nextCounter;
        }
        staged.add(entry);
        stagedBytes += entry.frameBytes();
        return staged.size() == 1;
    }

    /**
     * Begins a new segment for the group if one is needed, and returns it. It has to be noted before anything is
     * written to it, see {@link #noted}. Returns null if the group goes to the present segment, or failed.
     */
    @Nullable
    SegmentRoll prepare(long nowMillis) {
        arrivalMillis = nowMillis;
        try {
            return needsSegment(nowMillis) ? roll(nowMillis) : null;
        } catch (IOException | RuntimeException e) {
            failure = e;
            return null;
        }
    }

    private boolean needsSegment(long nowMillis) {
        SegmentWriter current = writer;
        if (current == null) {
            return true;
        }
        boolean full = current.written() > SegmentHeader.BYTES
                && (long) current.written() + stagedBytes > store.segmentBytes();
        boolean old = nowMillis - writerOpenedMillis >= retentionMillis.getAsLong() / AGES_PER_RETENTION;
        boolean skips = nextCounter != current.segment().nextCounter();
        return full || old || skips;
    }

    /** Seals the present segment, if there is one, and makes the next. */
    SegmentRoll roll(long nowMillis) throws IOException {
        seal();
        ShardLog.Tip tip = log.tip();
        Segment[] segments = log.segments();
        SegmentMeta last = segments.length == 0 ? null : segments[segments.length - 1].stored();
        return new SegmentRoll(this, last, store.create(log, nextCounter, tip.counter(), tip.millis()), nowMillis);
    }

    /** Switches to the new segment, which is listed now. */
    void noted(SegmentRoll roll) {
        log.added(roll.writer().segment()); // first: without memory for it, the segment is made again
        writer = roll.writer();
        writerOpenedMillis = roll.millis();
    }

    /** Rejects the group, because the new segment could not be listed; its file is made again when needed. */
    void notNoted(SegmentRoll roll, Exception problem) {
        failure = problem;
        try {
            roll.writer().close();
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
    }

    void write(WriteBuffer buffer) {
        SegmentWriter target = writer;
        if (failure != null || target == null) {
            return;
        }
        try {
            buffer.begin(target);
            for (StagedRecord entry : staged) {
                entry.place(nextCounter++, buffer.offset());
                buffer.add(entry, arrivalMillis);
            }
            buffer.flush();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    void force() {
        SegmentWriter current = writer;
        if (failure != null || current == null) {
            return;
        }
        try {
            current.force();
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Shows the group to readers, or takes it back; fills in the results. */
    void settle() {
        Exception problem = failure;
        SegmentWriter current = writer;
        if (problem == null && current != null) {
            publish(current);
        } else {
            takeBack(problem);
        }
        forget();
    }

    /** Takes this shard's part of a failed group back, if it is not yet shown. */
    void abandon(Throwable problem) {
        if (!staged.isEmpty()) {
            try {
                takeBack(problem);
            } finally {
                forget();
            }
        }
    }

    private void forget() {
        staged.clear();
        stagedBytes = 0;
        failure = null;
    }

    private void publish(SegmentWriter current) {
        long maxMillis = log.tip().millis();
        for (StagedRecord entry : staged) {
            current.segment().indexed(entry.offset(), entry.counter(), maxMillis);
            maxMillis = Math.max(maxMillis, arrivalMillis);
            entry.request()
                    .settle(
                            entry.index(),
                            new PutResult.Stored(log.shard(), log.numbers().number(entry.counter(), arrivalMillis)));
        }
        log.grew(new ShardLog.Tip(nextCounter - 1, maxMillis));
        current.publish(nextCounter - 1);
    }

    private void takeBack(@Nullable Throwable problem) {
        PutResult rejected = new PutResult.Rejected(
                "InternalFailure", "the record could not be written to the log of " + log.shard() + ": " + problem);
        for (StagedRecord entry : staged) {
            entry.request().settle(entry.index(), rejected);
        }
        if (writer != null) {
            try {
                writer.cutBack();
            } catch (IOException e) {
                LOG.warn(
                        "Could not cut the unfinished end off {} yet",
                        writer.segment().file(),
                        e);
            }
        }
        nextCounter = Math.max(firstOfGroup, log.tip().counter() + 1);
        LOG.error("Could not write {} records to {}; they are rejected", staged.size(), log.shard(), problem);
    }

    /** Takes the segments off whose records all arrived before the horizon; returns the files that are no longer needed. */
    public List<Path> trim(StreamFolder folder, long horizonMillis, long nowMillis) throws IOException {
        return new ShardTrim(this, folder).run(horizonMillis, nowMillis);
    }

    /** Drops the damaged records; the list of segments is yet to be stored. */
    public void skipDamage() throws IOException {
        DamageRepair.run(this);
    }

    /** Closes the shard; returns the ending sequence number's counter, larger than any record's. */
    public long close() throws IOException {
        seal();
        return nextCounter++;
    }

    /**
     * Forces to the disk what was written since the folder was opened, if puts do not do so themselves.
     *
     * @param firstCounter that could be given since
     */
    void forceAll(long firstCounter) throws IOException {
        if (store.durability() == Durability.MACHINE) {
            return;
        }
        for (Segment segment : log.segments()) {
            if (Math.max(segment.base(), segment.lastCounter()) >= firstCounter && segment.gap() == null) {
                store.force(segment);
            }
        }
    }

    /** Closes the present segment's file. Reading continues, and writing in another segment. */
    void seal() throws IOException {
        SegmentWriter current = writer;
        if (current != null) {
            current.close();
            current.segment().seal();
            writer = null;
        }
    }
}
