package io.shardmill.embedded.internal.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Marks where in a shard's log reading resumes.
 *
 * @param readThrough no record up to this counter is wanted; 0 if that is not known
 */
record ReadCursor(Segment segment, int offset, long readThrough) {

    /** Returns the oldest record's place; null while the shard has no segment. */
    static @Nullable ReadCursor oldest(ShardLog log) {
        Segment[] segments = log.segments();
        return segments.length == 0 ? null : new ReadCursor(segments[0], SegmentHeader.BYTES, 0);
    }

    /** Returns the place of the first record with at least this counter, or the end; null while the shard has no segment. */
    static @Nullable ReadCursor ofCounter(ShardLog log, long counter) throws IOException {
        Segment[] segments = log.segments();
        int at = segments.length - 1;
        while (at > 0 && segments[at].base() > counter) {
            at--;
        }
        return at < 0 ? null : new ReadCursor(segments[at], segments[at].offsetOf(counter), counter - 1);
    }

    /** Returns the place of the first record that arrived at or after the time, or the end; null while the shard has no segment. */
    static @Nullable ReadCursor ofArrival(ShardLog log, long millis) throws IOException {
        Segment[] segments = log.segments();
        if (segments.length == 0) {
            return null;
        }
        int at = 0;
        while (at < segments.length - 1 && segments[at + 1].header().earlierMaxMillis() < millis) {
            at++;
        }
        return new ReadCursor(segments[at], segments[at].offsetOfArrival(millis), 0);
    }

    ReadCursor at(int newOffset, long newReadThrough) {
        return new ReadCursor(segment, newOffset, newReadThrough);
    }

    /**
     * Returns the beginning of the next segment, or null. Its header says which record comes before it: if
     * that one was neither read nor unwanted, {@link #missesRecordsBefore} is true and records are lost here.
     */
    @Nullable
    ReadCursor next(ShardLog log) {
        Segment[] segments = log.segments();
        for (int i = 0; i + 1 < segments.length; i++) {
            if (segments[i] == segment) {
                return new ReadCursor(segments[i + 1], SegmentHeader.BYTES, readThrough);
            }
        }
        return null;
    }

    boolean missesRecordsBefore() {
        return offset == SegmentHeader.BYTES
                && readThrough > 0
                && segment.header().previousCounter() > readThrough;
    }

    /** Returns the records that are missing at the segment's end, unless they were read or skipped. */
    @Nullable
    Gap gapBehind() {
        Gap gap = segment.gap();
        return gap != null && gap.through() > readThrough ? gap : null;
    }

    boolean isIn(ShardLog log) {
        for (Segment present : log.segments()) {
            if (present == segment) {
                return true;
            }
        }
        return false;
    }
}
