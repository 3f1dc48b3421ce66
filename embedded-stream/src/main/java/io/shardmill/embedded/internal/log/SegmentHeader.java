package io.shardmill.embedded.internal.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of a segment file, laid out as the package describes. It says where the segment belongs, and
 * makes a shard's segments a chain, in which a missing record is noticed.
 *
 * @param previousCounter of the last record before this segment, 0 if there was none
 * @param earlierMaxMillis the latest arrival in all segments before this one, 0 if there were none
 */
record SegmentHeader(SegmentId id, long previousCounter, long earlierMaxMillis) {

    static final int BYTES = 64;
    private static final long MAGIC = 0x53484D4C53454732L;
    private static final int CHECKED_BYTES = 60;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putLong(MAGIC)
                .putLong(id.stream().getMostSignificantBits())
                .putLong(id.stream().getLeastSignificantBits())
                .putLong(id.base())
                .putLong(previousCounter)
                .putLong(earlierMaxMillis)
                .putInt(id.shard())
                .position(BYTES);
        return bytes.putInt(CHECKED_BYTES, crc(bytes)).flip();
    }

    /** Returns null if the bytes don't begin with a whole header. */
    static @Nullable SegmentHeader read(ByteBuffer source) {
        if (source.limit() < BYTES || source.getLong(0) != MAGIC || source.getInt(CHECKED_BYTES) != crc(source)) {
            return null;
        }
        UUID stream = new UUID(source.getLong(8), source.getLong(16));
        SegmentId id = new SegmentId(stream, source.getInt(48), source.getLong(24));
        return new SegmentHeader(id, source.getLong(32), source.getLong(40));
    }

    /** Returns the header of a file, null if it is not whole. */
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
