package io.shardmill.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 32 bytes of a segment file: the text {@code SHMLSEG1}, the two facts below as longs, the CRC32C of
 * all that, four zeros. With it a shard's segments form a chain: a missing or shortened one is noticed, and what
 * was trimmed before the oldest one stays known.
 *
 * @param previousCounter of the last record before this segment, 0 if there was none
 * @param earlierMaxMillis the latest arrival in all segments before this one, 0 if there were none
 */
record SegmentHeader(long previousCounter, long earlierMaxMillis) {

    static final int BYTES = 32;
    private static final long MAGIC = 0x53484D4C53454731L;
    private static final int CHECKED_BYTES = 24;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putLong(MAGIC)
                .putLong(previousCounter)
                .putLong(earlierMaxMillis)
                .putInt(0)
                .putInt(0);
        return bytes.putInt(CHECKED_BYTES, crc(bytes)).flip();
    }

    /** Null if the bytes don't begin with a whole header. */
    static @Nullable SegmentHeader read(ByteBuffer source) {
        if (source.limit() < BYTES || source.getLong(0) != MAGIC || source.getInt(CHECKED_BYTES) != crc(source)) {
            return null;
        }
        return new SegmentHeader(source.getLong(8), source.getLong(16));
    }

    /** The header of a file; null if it has no whole one. */
    static @Nullable SegmentHeader of(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return read(ByteBuffer.wrap(bytes.readNBytes(BYTES)));
        }
    }

    private static int crc(ByteBuffer source) {
        CRC32C crc = new CRC32C();
        crc.update(source.duplicate().position(0).limit(CHECKED_BYTES));
        return (int) crc.getValue();
    }
}
