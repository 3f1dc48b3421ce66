package io.shardmill.embedded;

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
    private final long base;
    private final SegmentHeader header;
    private volatile int committed;
    private volatile boolean sealed;
    private volatile boolean retired;
    private volatile @Nullable ByteBuffer content;
    private volatile @Nullable SparseIndex index;

    private Segment(Path file, long base, SegmentHeader header, int committed, @Nullable SparseIndex index) {
        this.file = file;
        this.base = base;
        this.header = header;
        this.committed = committed;
        this.index = index;
    }

    /** To be written on; the index grows with it. */
    static Segment growing(Path file, long base, SegmentHeader header, int committed, SparseIndex index) {
        return new Segment(file, base, header, committed, index);
    }

    /** Never written again; indexed when somebody first looks for a place in it. */
    static Segment complete(Path file, long base, SegmentHeader header, int bytes) {
        Segment segment = new Segment(file, base, header, bytes, null);
        segment.sealed = true;
        return segment;
    }

    Path file() {
        return file;
    }

    /** No record of this segment has a smaller counter. */
    long base() {
        return base;
    }

    SegmentHeader header() {
        return header;
    }

    /** Where the readable part ends. Read {@link #isSealed} before this to know whether it is final. */
    int committed() {
        return committed;
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
            known = SegmentScan.of(content(), header).index();
            index = known;
        }
        return known;
    }

    /** Where the first record with at least this counter begins, or where whole frames end before it. */
    int offsetOf(long counter) throws IOException {
        int end = committed;
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

    synchronized void grown(ByteBuffer mapped) {
        content = mapped;
    }

    void commit(int end) {
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
