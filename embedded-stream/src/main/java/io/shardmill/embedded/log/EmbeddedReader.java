package io.shardmill.embedded.log;

import io.shardmill.embedded.metadata.SequenceNumbers;
import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard. Only {@link #wake} is called by another thread than the owner's.
 *
 * <p>No wake-up is lost: a read that finds nothing first says that it waits and then looks once more, and
 * the log thread first shows a record and then looks for who waits.
 */
final class EmbeddedReader implements ShardReader {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedReader.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    /** Made beforehand: there is no memory for it when it is needed. */
    private static final ReadResult OUT_OF_MEMORY =
            new ReadResult.Unavailable("out of memory while records were read", Duration.ofSeconds(1));

    private static final ReadResult CAUGHT_UP = new ReadResult.Nothing(true);

    private final ShardLog log;
    private final Runnable wake;
    private final Findings findings;
    private final RecordDecoder decoder;
    private Position from;
    private long readThrough;
    private @Nullable Place place;
    private volatile boolean waiting;
    private volatile boolean closed;

    EmbeddedReader(ShardLog log, Position from, Runnable wake, Findings findings) {
        this.log = log;
        this.from = from;
        this.wake = wake;
        this.findings = findings;
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
            LOG.warn("could not read {}", log.shard(), e);
            return new ReadResult.Unavailable(log.shard() + " could not be read: " + e, RETRY_AFTER);
        } catch (OutOfMemoryError full) {
            place = null; // what the decoder knows of it may be half true
            return OUT_OF_MEMORY;
        }
    }

    private ReadResult readOn(int maxRecords, int maxBytes) throws IOException {
        while (true) {
            boolean shardEnds = log.isClosed();
            if (place == null || place.segment().isRetired()) {
                ReadResult hindrance = locate();
                if (hindrance != null) {
                    return hindrance;
                }
            }
            Place here = place;
            if (here == null) {
                return shardEnds ? new ReadResult.ShardEnded() : CAUGHT_UP;
            }
            if (here.missesRecordsBefore()) {
                return damaged(new Damages(log).missingBefore(here.segment(), here.readThrough()));
            }
            boolean isFinal = here.segment().isSealed();
            int end = here.segment().committed();
            if (here.offset() < end) {
                List<Record> records = decoder.decode(here.segment(), here.offset(), end, maxRecords, maxBytes);
                readThrough = Math.max(readThrough, decoder.lastCounter());
                place = here.at(decoder.offset(), Math.max(here.readThrough(), readThrough));
                if (!records.isEmpty()) {
                    return new ReadResult.Records(records);
                }
                if (decoder.isDamaged()) {
                    return damaged(changed(here.segment(), decoder.offset()));
                }
            } else if (!isFinal) {
                return CAUGHT_UP;
            } else if (here.gapBehind() != null) {
                return damaged(Objects.requireNonNull(here.gapBehind()).finding());
            } else if (here.isIn(log)) {
                Place next = here.next(log);
                if (next == null) {
                    return shardEnds ? new ReadResult.ShardEnded() : CAUGHT_UP;
                }
                place = next;
            } else {
                place = null;
            }
        }
    }

    /** Finds the place anew, from behind the last record read; what stands in the way, or null. */
    private @Nullable ReadResult locate() throws IOException {
        place = null;
        if (readThrough > 0) {
            from = Position.after(log.numbers().number(readThrough, 0));
        }
        if (from instanceof Position.TrimHorizon) {
            place = Place.oldest(log);
        } else if (from instanceof Position.AtTimestamp at) {
            decoder.skipUntil(at.timestamp().toEpochMilli());
            place = Place.ofArrival(log, at.timestamp().toEpochMilli());
        } else if (from instanceof Position.At at) {
            return locate(at.number(), at.number().subSequence() > 0 ? 1 : 0);
        } else if (from instanceof Position.After after) {
            return locate(after.number(), 1);
        } else {
            throw new IllegalStateException("unknown position " + from);
        }
        return null;
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
        place = Place.ofCounter(log, wanted);
        return null;
    }

    /** Scans the segment only the first time. */
    private RecoveryReport.Finding changed(Segment segment, int offset) throws IOException {
        RecoveryReport.Finding known = findings.at(segment.file(), offset);
        return known != null ? known : new Damages(log).changed(segment, offset);
    }

    private ReadResult damaged(RecoveryReport.Finding finding) {
        findings.add(finding);
        return new ReadResult.Unavailable(finding.advice(), RETRY_AFTER);
    }

    /** Whether nothing more is to be had now. Owner's thread. */
    boolean isAtTip() {
        Place here = place;
        Segment[] segments = log.segments();
        return here == null
                || (segments.length > 0
                        && here.segment() == segments[segments.length - 1]
                        && here.offset() >= here.segment().committed());
    }

    /** Any thread: there may be something to read. */
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
                LOG.error("the wake-up of a reader of {} failed", log.shard(), e);
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
