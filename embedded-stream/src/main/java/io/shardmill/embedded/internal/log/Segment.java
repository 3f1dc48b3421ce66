package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.files.MappedFiles;
import io.shardmill.embedded.internal.metadata.SegmentMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Shows one file of a shard's log to readers. The log thread alone moves {@link #committed} and the flags;
 * any thread reads. What lies before {@code committed} never changes. Reading goes through a memory
 * mapping, which no interrupt can close.
 */
final class Segment {

    private final Path file;
    private final SegmentHeader header;
    private final @Nullable Gap gap;
    private volatile int committed;
    private volatile long lastCounter;
    private volatile boolean sealed;
    private volatile boolean retired;
    private volatile @Nullable ByteBuffer content;
    private volatile @Nullable SparseIndex index;

    private Segment(
            Path file,
            SegmentHeader header,
            int committed,
            long lastCounter,
            @Nullable SparseIndex index,
            @Nullable Gap gap) {
        this.file = file;
        this.header = header;
        this.committed = committed;
        this.lastCounter = lastCounter;
        this.index = index;
        this.gap = gap;
    }

    /** Makes a segment that is still written; the index grows with it. */
    static Segment growing(Path file, SegmentHeader header, int committed, long lastCounter, SparseIndex index) {
        return new Segment(file, header, committed, lastCounter, index, null);
    }

    /** Makes a segment that is complete; it is indexed when a place in it is first looked up. */
    static Segment complete(Path file, SegmentHeader header, int bytes, long lastCounter) {
        Segment segment = new Segment(file, header, bytes, lastCounter, null, null);
        segment.sealed = true;
        return segment;
    }

    /**
     * Makes a segment that is not all there.
     *
     * @param readable where the part ends that can be read; 0 if the file is not to be opened
     * @param lastCounter of the last record that should be there
     */
    static Segment broken(Path file, SegmentHeader header, int readable, long lastCounter, Gap gap) {
        Segment segment = new Segment(file, header, readable, lastCounter, null, gap);
        segment.sealed = true;
        return segment;
    }

    Path file() {
        return file;
    }

    /** Returns the counter of its first record, if it has one. */
    long base() {
        return header.id().base();
    }

    SegmentHeader header() {
        return header;
    }

    /** Returns the records missing behind the readable part; null if none are. */
    @Nullable
    Gap gap() {
        return gap;
    }

    /** Returns the end of the readable part. Read {@link #isSealed} before this to know whether it is final. */
    int committed() {
        return committed;
    }

    /** Returns the counter of the last record that should be in this segment, or before it while it is empty. */
    long lastCounter() {
        return lastCounter;
    }

    /** Returns the only counter that its next record may have: a segment's counters are consecutive. */
    long nextCounter() {
        return Math.max(base(), lastCounter + 1);
    }

    /** Returns how many records of it have a larger counter; damage in it is not known and counts, too. */
    long recordsAfter(long counter) {
        return Math.max(0, lastCounter - Math.max(counter, base() - 1));
    }

    boolean isSealed() {
        return sealed;
    }

    /** Returns whether it was trimmed or replaced, so that readers must locate their place again. */
    boolean isRetired() {
        return retired;
    }

    /** Returns the file's present mapping, which covers at least what was committed before the call. */
    ByteBuffer content() throws IOException {
        ByteBuffer mapped = content;
        return mapped != null ? mapped : mapWhole();
    }

    private synchronized ByteBuffer mapWhole() throws IOException {
        ByteBuffer mapped = content;
        if (mapped == null) {
            mapped = MappedFiles.map(file);
            content = mapped;
        }
        return mapped;
    }

    private SparseIndex index() throws IOException {
        SparseIndex known = index;
        return known != null ? known : scanForIndex();
    }

    private synchronized SparseIndex scanForIndex() throws IOException {
        SparseIndex known = index;
        if (known == null) {
            known = scan().index();
            index = known;
        }
        return known;
    }

    /** Scans the readable part. */
    SegmentScan scan() throws IOException {
        return SegmentScan.of(content().duplicate().limit(committed), header);
    }

    /** Returns the offset of the first record with at least this counter, or the end of whole frames before it. */
    int offsetOf(long counter) throws IOException {
        int end = committed;
        if (end <= SegmentHeader.BYTES) {
            return SegmentHeader.BYTES;
        }
        ByteBuffer bytes = content();
        int offset = index().before(counter);
        int length;
        while ((length = intactLength(bytes, offset, end)) > 0 && Frame.counter(bytes, offset) < counter) {
            offset += length;
        }
        return offset;
    }

    /** Returns the offset of the first record that arrived at or after the time, or the end of whole frames before it. */
    int offsetOfArrival(long millis) throws IOException {
        int end = committed;
        if (end <= SegmentHeader.BYTES) {
            return SegmentHeader.BYTES;
        }
        ByteBuffer bytes = content();
        int offset = index().beforeArrival(millis);
        int length;
        while ((length = intactLength(bytes, offset, end)) > 0 && Frame.millis(bytes, offset) < millis) {
            offset += length;
        }
        return offset;
    }

    private static int intactLength(ByteBuffer bytes, int offset, int end) {
        int length = Frame.lengthAt(bytes, offset, end);
        return length > 0 && length <= end - offset && Frame.isIntact(bytes, offset, length, new CRC32C()) ? length : 0;
    }

    // Log thread only.

    /** Returns what is stored of it; null if it is not listed. */
    @Nullable
    SegmentMeta stored() {
        return gap == null ? new SegmentMeta(base(), committed, lastCounter) : gap.stored();
    }

    synchronized void grown(ByteBuffer mapped) {
        content = mapped;
    }

    void commit(int end, long counter) {
        lastCounter = counter;
        committed = end;
    }

    void indexed(int offset, long counter, long maxMillisBefore) {
        SparseIndex known = index;
        if (known != null) {
            known.add(offset, counter, maxMillisBefore);
        }
    }

    void seal() {
        sealed = true;
    }

    void retire() {
        retired = true;
    }
}
