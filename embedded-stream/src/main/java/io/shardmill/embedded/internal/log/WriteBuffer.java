package io.shardmill.embedded.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Gathers frames so that a group costs one write for each segment. Used by the log thread only. */
final class WriteBuffer {

    private static final int BYTES = 1 << 20;

    private final CRC32C crc = new CRC32C();
    private ByteBuffer frames = ByteBuffer.allocateDirect(BYTES);
    private @Nullable SegmentWriter target;

    /** Directs the next frames to this segment and drops those not flushed. */
    void begin(SegmentWriter segment) {
        target = segment;
        frames.clear();
    }

    /** Returns the next frame's offset in the segment. */
    int offset() {
        return current().written() + frames.position();
    }

    void add(StagedRecord entry, long millis) throws IOException {
        int length = entry.frameBytes();
        if (length > frames.remaining()) {
            flush();
            if (length > frames.capacity()) {
                frames = ByteBuffer.allocateDirect(length);
            }
        }
        Frame.write(frames, entry.counter(), millis, entry.key(), entry.data(), crc);
    }

    void flush() throws IOException {
        frames.flip();
        current().append(frames);
        frames.clear();
    }

    private SegmentWriter current() {
        SegmentWriter segment = target;
        if (segment == null) {
            throw new IllegalStateException("no segment begun");
        }
        return segment;
    }
}
