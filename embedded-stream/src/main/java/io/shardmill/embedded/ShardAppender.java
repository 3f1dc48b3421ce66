package io.shardmill.embedded;

import io.shardmill.function.PutResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one shard's log: gives the counters, rolls the segments, and takes back what could not be written.
 * Used by the log thread only. A group goes through {@link #stage}, {@link #write}, {@link #force} and
 * {@link #settle}; a failure on the way rejects the shard's part of the group and nothing else.
 */
final class ShardAppender {

    private static final Logger LOG = LoggerFactory.getLogger(ShardAppender.class);
    private static final int AGES_PER_RETENTION = 8;

    private final ShardLog log;
    private final SegmentStore store;
    private final LongSupplier retentionMillis;
    private final List<PutRecord> staged = new ArrayList<>();
    private int stagedBytes;
    private long nextCounter;
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

    ShardLog log() {
        return log;
    }

    /** Continues a segment that was found when the folder was opened. */
    void resume(SegmentWriter found, long firstArrivalMillis) {
        writer = found;
        writerOpenedMillis = firstArrivalMillis;
    }

    /** The next record's counter will be at least this. */
    void numberFrom(long counter) {
        nextCounter = Math.max(nextCounter, counter);
    }

    /** Adds a record to the group; true if it is this shard's first. */
    boolean stage(PutRecord entry) {
        staged.add(entry);
        stagedBytes += entry.frameBytes();
        return staged.size() == 1;
    }

    void write(long nowMillis, WriteBuffer buffer) {
        arrivalMillis = nowMillis;
        try {
            SegmentWriter target = writerFor(nowMillis);
            buffer.begin(target);
            for (PutRecord entry : staged) {
                entry.place(nextCounter++, buffer.offset());
                buffer.add(entry, nowMillis);
            }
            buffer.flush();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private SegmentWriter writerFor(long nowMillis) throws IOException {
        SegmentWriter current = writer;
        if (current != null) {
            boolean full = current.written() > SegmentHeader.BYTES
                    && (long) current.written() + stagedBytes > store.segmentBytes();
            boolean old = nowMillis - writerOpenedMillis >= retentionMillis.getAsLong() / AGES_PER_RETENTION;
            if (!full && !old) {
                return current;
            }
        }
        return roll(nowMillis);
    }

    /** Seals the present segment, if there is one, and begins the next. */
    SegmentWriter roll(long nowMillis) throws IOException {
        seal();
        ShardLog.Tip tip = log.tip();
        SegmentWriter next = store.create(log, nextCounter, new SegmentHeader(tip.counter(), tip.millis()));
        writer = next;
        writerOpenedMillis = nowMillis;
        log.added(next.segment());
        return next;
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

    /** The group failed elsewhere: takes this shard's part back, if it is not yet shown. */
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
        for (PutRecord entry : staged) {
            current.segment().indexed(entry.offset(), entry.counter(), maxMillis);
            maxMillis = Math.max(maxMillis, arrivalMillis);
            entry.request()
                    .settle(
                            entry.index(),
                            new PutResult.Stored(log.shard(), log.numbers().number(entry.counter(), arrivalMillis)));
        }
        log.grew(new ShardLog.Tip(nextCounter - 1, maxMillis));
        current.publish();
    }

    private void takeBack(@Nullable Throwable problem) {
        PutResult rejected = new PutResult.Rejected(
                "InternalFailure", "the record could not be written to the log of " + log.shard() + ": " + problem);
        for (PutRecord entry : staged) {
            entry.request().settle(entry.index(), rejected);
        }
        if (writer != null) {
            try {
                writer.cutBack();
            } catch (IOException e) {
                LOG.warn(
                        "could not cut the unfinished end off {} yet",
                        writer.segment().file(),
                        e);
            }
        }
        LOG.error("could not write {} records to {}; they are rejected", staged.size(), log.shard(), problem);
    }

    /** The end of the shard: the ending sequence number's counter, larger than that of any record. */
    long close() throws IOException {
        seal();
        return nextCounter++;
    }

    /** Gives back the open file. Reading goes on, and so may writing, in another segment. */
    void seal() throws IOException {
        SegmentWriter current = writer;
        if (current != null) {
            current.close();
            current.segment().seal();
            writer = null;
        }
    }
}
