package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.model.StreamOptions;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Lays out a record in a segment file, all numbers big-endian:
 *
 * <pre>
 * offset  bytes
 *      0      1  0xA7
 *      1      3  length of the whole frame
 *      4      8  counter (see SequenceNumbers)
 *     12      8  arrival, milliseconds since the epoch
 *     20      2  length of the key
 *     22      k  partition key in UTF-8
 * 22 + k      d  data
 *  n - 4      4  CRC32C of everything before it
 * </pre>
 *
 * The first byte is never 0, so zeros after the last frame are free space and not a torn frame.
 */
final class Frame {

    static final int HEADER_BYTES = 22;
    static final int OVERHEAD_BYTES = HEADER_BYTES + 4;
    static final int MAX_BYTES = OVERHEAD_BYTES + StreamOptions.LARGEST_MAX_RECORD_BYTES;
    static final byte MAGIC = (byte) 0xA7;

    private static final int MAGIC_WORD = (MAGIC & 0xFF) << 24;
    private static final int LENGTH_MASK = 0xFF_FFFF;

    private Frame() {}

    static int length(byte[] key, byte[] data) {
        return OVERHEAD_BYTES + key.length + data.length;
    }

    static void write(ByteBuffer target, long counter, long millis, byte[] key, byte[] data, CRC32C crc) {
        int start = target.position();
        int length = length(key, data);
        target.putInt(MAGIC_WORD | length)
                .putLong(counter)
                .putLong(millis)
                .putShort((short) key.length)
                .put(key)
                .put(data);
        target.putInt(crc(target, start, length - 4, crc));
    }

    /** Returns the length of the frame that seems to begin there, or 0 if none can within {@code limit}. */
    static int lengthAt(ByteBuffer source, int offset, int limit) {
        if (limit - offset < OVERHEAD_BYTES) {
            return 0;
        }
        int word = source.getInt(offset);
        int length = word & LENGTH_MASK;
        boolean plausible = (word & ~LENGTH_MASK) == MAGIC_WORD
                && length <= MAX_BYTES
                && length >= OVERHEAD_BYTES + keyLength(source, offset);
        return plausible ? length : 0;
    }

    /** Returns whether the frame of that length is whole. */
    static boolean isIntact(ByteBuffer source, int offset, int length, CRC32C crc) {
        return source.getInt(offset + length - 4) == crc(source, offset, length - 4, crc);
    }

    static long counter(ByteBuffer source, int offset) {
        return source.getLong(offset + 4);
    }

    static long millis(ByteBuffer source, int offset) {
        return source.getLong(offset + 12);
    }

    static int keyLength(ByteBuffer source, int offset) {
        return source.getShort(offset + 20) & 0xFFFF;
    }

    private static int crc(ByteBuffer source, int offset, int length, CRC32C crc) {
        crc.reset();
        if (source.hasArray()) {
            crc.update(source.array(), source.arrayOffset() + offset, length);
        } else {
            crc.update(source.duplicate().limit(offset + length).position(offset));
        }
        return (int) crc.getValue();
    }
}
