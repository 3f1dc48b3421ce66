package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard. Only {@link #wake} is called by another thread than the owner's.
 *
 * <p>No wake-up is lost: a read that finds nothing first says that it waits and then looks once more, and
 * the log thread first shows a record and then looks for who waits.
 */
final class LogReader implements ShardReader {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    /** Made in advance, because there is no memory when it is needed. */
    private static final ReadResult OUT_OF_MEMORY =
            new ReadResult.Unavailable("out of memory while records were read", Duration.ofSeconds(1));

    private static final ReadResult CAUGHT_UP = new ReadResult.Nothing(true);

    private final ShardLog log;
    private final Runnable wake;
    private final RecoveryLog recoveryLog;
    private final RecordDecoder decoder;
    private Position from;
    private long readThrough;
    private @Nullable ReadCursor cursor;
    private volatile boolean waiting;
    private volatile boolean closed;

    LogReader(ShardLog log, Position from, Runnable wake, RecoveryLog recoveryLog) {
        this.log = log;
        this.from = from;
        this.wake = wake;
        this.recoveryLog = recoveryLog;
        this.decoder = new RecordDecoder(log);
    }

    @Override
    public ReadResult read(int maxRecords, int maxBytes) {
        if (closed) {
            throw new IllegalStateException("the reader of " + log.shard() + " is closed");
        }
        ReadResult result = attempt(maxRecords, maxBytes);
        if (result == CAUGHT_UP) {
            waiting = true;
            result = attempt(maxRecords, maxBytes);
            if (result != CAUGHT_UP) {
                waiting = false;
            }
        }
        return result;
    }

    private ReadResult attempt(int maxRecords, int maxBytes) {
        if (log.isGone()) {
            return new ReadResult.StreamGone();
        }
        if (log.isShut()) {
            return new ReadResult.Unavailable("the embedded streams are closed", RETRY_AFTER);
        }
        try {
            return readOn(maxRecords, maxBytes);
        } catch (IOException | InternalError e) {
            // An InternalError is how Java tells that a mapped file could not be read.
            LOG.warn("Could not read {}", log.shard(), e);
            return new ReadResult.Unavailable(log.shard() + " could not be read: " + e, RETRY_AFTER);
        } catch (OutOfMemoryError full) {
            cursor = null; // what the decoder knows of it may be half true
            return OUT_OF_MEMORY;
        }
    }

    private ReadResult readOn(int maxRecords, int maxBytes) throws IOException {
        ReadResult result = null;
        while (result == null) {
            result = step(maxRecords, maxBytes);
        }
        return result;
    }

    /** Moves the cursor by a step. Returns null if it takes another one to know the result. */
    private @Nullable ReadResult step(int maxRecords, int maxBytes) throws IOException {
        boolean shardEnds = log.isClosed(); // before the segments, which are final then
        ReadCursor at = cursor;
        if (at == null || at.segment().isRetired()) {
            ReadResult hindrance = locate();
            return hindrance == null && cursor == null ? endOfLog(shardEnds) : hindrance;
        }
        if (at.missesRecordsBefore()) {
            return damaged(new DamageFindings(log).missingBefore(at.segment(), at.readThrough()));
        }
        boolean isFinal = at.segment().isSealed(); // before its end, which is final then
        int end = at.segment().committed();
        if (at.offset() < end) {
            return decode(at, end, maxRecords, maxBytes);
        }
        return isFinal ? leaveSegment(at, shardEnds) : CAUGHT_UP;
    }

    private static ReadResult endOfLog(boolean shardEnds) {
        return shardEnds ? new ReadResult.ShardEnded() : CAUGHT_UP;
    }

    private @Nullable ReadResult decode(ReadCursor at, int end, int maxRecords, int maxBytes) throws IOException {
        List<Record> records = decoder.decode(at.segment(), at.offset(), end, maxRecords, maxBytes);
        readThrough = Math.max(readThrough, decoder.lastCounter());
        cursor = at.at(decoder.offset(), Math.max(at.readThrough(), readThrough));
        if (!records.isEmpty()) {
            return new ReadResult.Records(records);
        }
        return decoder.isDamaged() ? damaged(changed(at.segment(), decoder.offset())) : null;
    }

    private @Nullable ReadResult leaveSegment(ReadCursor at, boolean shardEnds) {
        Gap gap = at.gapBehind();
        if (gap != null) {
            return damaged(gap.finding());
        }
        ReadCursor next = at.next(log);
        if (next == null && at.isIn(log)) {
            return endOfLog(shardEnds);
        }
        cursor = next;
        return null;
    }

    /** Finds the place to read from, behind the last record read. Returns what stands in the way, or null. */
    private @Nullable ReadResult locate() throws IOException {
        cursor = null;
        if (readThrough > 0) {
            from = Position.after(log.numbers().number(readThrough, 0));
        }
        if (from instanceof Position.TrimHorizon) {
            cursor = ReadCursor.oldest(log);
        } else if (from instanceof Position.AtTimestamp at) {
            decoder.skipUntil(at.timestamp().toEpochMilli());
            cursor = ReadCursor.ofArrival(log, at.timestamp().toEpochMilli());
        } else if (from instanceof Position.At at) {
            return locate(at.number(), 0);
        } else if (from instanceof Position.After after) {
            return locate(after.number(), isWhole(after.number()) ? 1 : 0);
        } else {
            throw new IllegalStateException("unknown position " + from);
        }
        return null;
    }

    /** Nothing is unpacked here: who has only a part of a record gets the whole of it. */
    private static boolean isWhole(SequenceNumber number) {
        return number.subSequence() == 0;
    }

    private @Nullable ReadResult locate(SequenceNumber number, int step) throws IOException {
        if (!log.numbers().isOurs(number)) {
            return new ReadResult.StreamGone();
        }
        long wanted = SequenceNumbers.counterOf(number) + step;
        long trimmedThrough = log.trimmedThrough();
        if (wanted <= trimmedThrough) {
            readThrough = 0;
            from = Position.at(log.numbers().number(trimmedThrough + 1, 0));
            return new ReadResult.Trimmed(from);
        }
        cursor = ReadCursor.ofCounter(log, wanted);
        return null;
    }

    /** Returns the finding for changed bytes; scans the segment only the first time. */
    private RecoveryReport.Finding changed(Segment segment, int offset) throws IOException {
        RecoveryReport.Finding known = recoveryLog.at(segment.file(), offset);
        return known != null ? known : new DamageFindings(log).changed(segment, offset);
    }

    private ReadResult damaged(RecoveryReport.Finding finding) {
        recoveryLog.add(finding);
        return new ReadResult.Unavailable(finding.advice(), RETRY_AFTER);
    }

    @Override
    public OptionalLong recordsBehind() {
        if (readThrough > 0 || from instanceof Position.TrimHorizon) {
            return log.recordsAfter(readThrough);
        }
        if (from instanceof Position.After after) {
            return log.recordsAfter(SequenceNumbers.counterOf(after.number()) - (isWhole(after.number()) ? 0 : 1));
        }
        if (from instanceof Position.At at) {
            return log.recordsAfter(SequenceNumbers.counterOf(at.number()) - 1);
        }
        return cursor != null && isAtTip() ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /** Returns whether the reader has caught up. Owner's thread. */
    boolean isAtTip() {
        ReadCursor here = cursor;
        Segment[] segments = log.segments();
        return here == null
                || (segments.length > 0
                        && here.segment() == segments[segments.length - 1]
                        && here.offset() >= here.segment().committed());
    }

    /** Wakes the owner if it waits. Any thread. */
    void wake() {
        if (waiting) {
            wakeIfWaiting();
        }
    }

    private synchronized void wakeIfWaiting() {
        if (waiting && !closed) {
            waiting = false;
            try {
                wake.run();
            } catch (RuntimeException | Error e) {
                LOG.error("The wake-up of a reader of {} failed", log.shard(), e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        waiting = false;
        log.removeReader(this);
    }
}
