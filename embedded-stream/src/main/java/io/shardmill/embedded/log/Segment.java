package io.shardmill.embedded.log;

import io.shardmill.embedded.files.DurableFiles;
import io.shardmill.embedded.metadata.SegmentMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of a shard's log as readers see it. The log thread alone moves {@link #committed} and the flags;
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

    /** To be written on; the index grows with it. */
    static Segment growing(Path file, SegmentHeader header, int committed, long lastCounter, SparseIndex index) {
        return new Segment(file, header, committed, lastCounter, index, null);
    }

    /** Never written again; indexed when somebody first looks for a place in it. */
    static Segment complete(Path file, SegmentHeader header, int bytes, long lastCounter) {
        Segment segment = new Segment(file, header, bytes, lastCounter, null, null);
        segment.sealed = true;
        return segment;
    }

    /**
     * Never written again, and not all there.
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

    /** No record of this segment has a smaller counter. */
    long base() {
        return header.id().base();
    }

    SegmentHeader header() {
        return header;
    }

    /** What is missing behind the readable part; null if nothing is. */
    @Nullable
    Gap gap() {
        return gap;
    }

    /** Where the readable part ends. Read {@link #isSealed} before this to know whether it is final. */
    int committed() {
        return committed;
    }

    /** Of the last record that is, or should be, in this segment; of the one before it while it has none. */
    long lastCounter() {
        return lastCounter;
    }

    boolean isSealed() {
        return sealed;
    }

    /** Trimmed or replaced: a reader looks for its place anew. */
    boolean isRetired() {
        return retired;
    }

    /** The file as it is mapped now; covers at least what was committed before the call. */
    ByteBuffer content() throws IOException {
        ByteBuffer mapped = content;
        return mapped != null ? mapped : mapWhole();
    }

    private synchronized ByteBuffer mapWhole() throws IOException {
        ByteBuffer mapped = content;
        if (mapped == null) {
            mapped = DurableFiles.map(file);
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

    /** Of the readable part. */
    SegmentScan scan() throws IOException {
        return SegmentScan.of(content().duplicate().limit(committed), header);
    }

    /** Where the first record with at least this counter begins, or where whole frames end before it. */
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

    /** Where the first record that arrived at or after the time begins, or where whole frames end before it. */
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

    /** What is to be stored of it; null if nothing is. */
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
