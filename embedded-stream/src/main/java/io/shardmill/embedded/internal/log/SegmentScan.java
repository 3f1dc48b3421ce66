package io.shardmill.embedded.internal.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Checks every frame of a segment. Bytes that are no frame but have a whole, later frame
 * behind them are damage; such bytes at the end are a torn tail, or free space if they are zeros.
 */
final class SegmentScan {

    /**
     * Bytes {@code from} (included) to {@code to} (excluded) are not frames, but frames follow.
     *
     * @param after counter of the frame before
     * @param before counter of the frame behind
     */
    record Damage(int from, int to, long after, long before) {}

    private final ByteBuffer content;
    private final CRC32C crc = new CRC32C();
    private final SparseIndex index = new SparseIndex();
    private final List<Damage> damages = new ArrayList<>();
    private int end = SegmentHeader.BYTES;
    private long lastCounter;
    private long maxMillis;
    private int records;

    private SegmentScan(ByteBuffer content, SegmentHeader header) {
        this.content = content;
        this.lastCounter = header.previousCounter();
        this.maxMillis = header.earlierMaxMillis();
    }

    static SegmentScan of(ByteBuffer content, SegmentHeader header) {
        SegmentScan scan = new SegmentScan(content, header);
        scan.run();
        return scan;
    }

    private void run() {
        int offset = SegmentHeader.BYTES;
        while (offset < content.limit()) {
            int length = frameAt(offset);
            if (length > 0) {
                take(offset, length);
                offset += length;
            } else {
                int next = nextFrame(offset + 1);
                if (next < 0) {
                    return;
                }
                damages.add(new Damage(offset, next, lastCounter, Frame.counter(content, next)));
                offset = next;
            }
        }
    }

    private void take(int offset, int length) {
        lastCounter = Frame.counter(content, offset);
        index.add(offset, lastCounter, maxMillis);
        maxMillis = Math.max(maxMillis, Frame.millis(content, offset));
        end = offset + length;
        records++;
    }

    private int frameAt(int offset) {
        int length = Frame.lengthAt(content, offset, content.limit());
        boolean whole = length > 0
                && length <= content.limit() - offset
                && Frame.counter(content, offset) > lastCounter
                && Frame.isIntact(content, offset, length, crc);
        return whole ? length : 0;
    }

    private int nextFrame(int from) {
        int last = content.limit() - Frame.OVERHEAD_BYTES;
        int at = from;
        while (at <= last) {
            if (at + Long.BYTES <= last && content.getLong(at) == 0) {
                at += Long.BYTES;
            } else if (content.get(at) == Frame.MAGIC && frameAt(at) > 0) {
                return at;
            } else {
                at++;
            }
        }
        return -1;
    }

    ByteBuffer content() {
        return content;
    }

    SparseIndex index() {
        return index;
    }

    List<Damage> damages() {
        return damages;
    }

    /** Returns the end of the last whole frame. */
    int end() {
        return end;
    }

    /** Returns how many bytes behind {@link #end} a torn frame has; the rest is free space. */
    int tornBytes() {
        int at = content.limit();
        while (at - Long.BYTES >= end && content.getLong(at - Long.BYTES) == 0) {
            at -= Long.BYTES;
        }
        while (at > end && content.get(at - 1) == 0) {
            at--;
        }
        return at - end;
    }

    long lastCounter() {
        return lastCounter;
    }

    long maxMillis() {
        return maxMillis;
    }

    int records() {
        return records;
    }
}
