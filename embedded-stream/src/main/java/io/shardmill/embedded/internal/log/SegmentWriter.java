package io.shardmill.embedded.internal.log;

import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one segment's file. Used by the log thread only, but for {@link #force}, so no interrupt of a caller
 * reaches its channel.
 *
 * <p>The file is extended (without taking disk space) and mapped ahead of the writing, each time to four times
 * its size but not by more than 16 MiB, so that a reader at the tip needs no mapping of its own; sealing cuts the unused
 * rest off.
 */
final class SegmentWriter {

    private static final int FIRST_CAPACITY = 64 << 10;
    /** Small, because recovery after a kill reads the free space at the end, too. */
    private static final int LARGEST_STEP = 16 << 20;

    private final Segment segment;
    private final int usualBytes;
    private final Disk disk;
    private final OpenSegmentLimit open;
    private @Nullable FileChannel channel;
    private int written;
    private int capacity;
    /** The last write, or the last attempt to cut, failed half-way. */
    private boolean mustCut;

    /** @param usualBytes the size that the segment will hardly pass */
    SegmentWriter(Segment segment, int usualBytes, Disk disk, OpenSegmentLimit open) {
        this.segment = segment;
        this.usualBytes = usualBytes;
        this.disk = disk;
        this.open = open;
        this.written = segment.committed();
    }

    /** Opens the file when needed, so that idle shards hold none open. */
    private FileChannel channel() throws IOException {
        open.use(this);
        FileChannel present = channel;
        if (present == null || !present.isOpen()) {
            present = disk.open(segment.file());
            channel = present;
        }
        return present;
    }

    /** Closes the file as it is. */
    void release() throws IOException {
        FileChannel present = channel;
        channel = null;
        if (present != null) {
            present.close();
        }
    }

    Segment segment() {
        return segment;
    }

    int written() {
        return written;
    }

    /** Appends frames, which are then published or taken back together. */
    void append(ByteBuffer frames) throws IOException {
        if (mustCut) {
            cutBack();
        }
        int end = Math.addExact(written, frames.remaining());
        ensureCapacity(end);
        mustCut = true;
        DurableFiles.writeFully(channel(), frames, written);
        mustCut = false;
        written = end;
    }

    private void ensureCapacity(int end) throws IOException {
        if (end <= capacity) {
            return;
        }
        long larger = FIRST_CAPACITY;
        while (larger < end) {
            larger += Math.min(3 * larger, LARGEST_STEP);
        }
        larger = Math.max(end, Math.min(larger, usualBytes));
        segment.grown(channel().map(FileChannel.MapMode.READ_WRITE, 0, larger).asReadOnlyBuffer());
        capacity = (int) larger;
    }

    /** Forces the file, which must be open since the last write. Any thread, while the log thread waits. */
    void force() throws IOException {
        FileChannel present = channel;
        if (present == null) {
            throw new IOException(segment.file() + " was closed before it was forced");
        }
        present.force(false);
    }

    /** Shows readers what was appended. */
    void publish(long lastCounter) {
        segment.commit(written, lastCounter);
    }

    /** Takes back what was appended and not published; if even that fails, the next append tries again first. */
    void cutBack() throws IOException {
        mustCut = true;
        channel().truncate(segment.committed());
        written = segment.committed();
        mustCut = false;
    }

    /** Closes the file, cut to its content. The segment stays readable. */
    void close() throws IOException {
        try {
            if (mustCut) {
                cutBack();
            }
            cutFreeSpace();
        } finally {
            open.closed(this);
            release();
        }
    }

    private void cutFreeSpace() {
        try {
            if (capacity > segment.committed()) {
                channel().truncate(segment.committed());
            }
        } catch (IOException e) {
            // Where a mapped file can't be cut (Windows), zeros stay behind the last frame: free space.
        }
    }
}
