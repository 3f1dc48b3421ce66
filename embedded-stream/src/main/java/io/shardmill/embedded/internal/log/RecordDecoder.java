package io.shardmill.embedded.internal.log;

import io.shardmill.function.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Turns a stretch of a segment into records: copies a chunk out of the mapping, checks every frame, and
 * makes records whose data are slices of the chunk. Belongs to one reader; after a call the fields say how far it came.
 */
final class RecordDecoder {

    private static final int MAX_CHUNK = 1 << 20;
    private static final int MIN_CHUNK = 4 << 10;

    private final ShardLog log;
    private final CRC32C crc = new CRC32C();
    private long notBeforeMillis;
    private int usualFrameBytes = 1 << 10;

    private List<Record> records = List.of();
    private int maxRecords;
    private long bytesLeft;
    private int offset;
    private long lastCounter;
    private boolean full;
    private boolean damaged;

    RecordDecoder(ShardLog log) {
        this.log = log;
    }

    /** Skips records until the first that arrived at or after the time. */
    void skipUntil(long millis) {
        notBeforeMillis = millis;
    }

    /** Decodes from there; {@code end} is at most what the segment has committed. */
    List<Record> decode(Segment segment, int from, int end, int atMostRecords, int atMostBytes) throws IOException {
        ByteBuffer content = segment.content();
        records = new ArrayList<>(Math.min(atMostRecords, (end - from) / Frame.OVERHEAD_BYTES + 1));
        maxRecords = atMostRecords;
        bytesLeft = atMostBytes;
        offset = from;
        lastCounter = 0;
        damaged = false;
        full = false;
        while (offset < end && !full && !damaged) {
            int size = Math.min(chunkSize(), end - offset);
            if (!parse(content, size)) {
                int length = Frame.lengthAt(content, offset, end);
                boolean largerThanChunk = length > size && length <= end - offset;
                damaged = !(largerThanChunk && parse(content, length));
            }
        }
        List<Record> decoded = records;
        records = List.of();
        if (!decoded.isEmpty()) {
            usualFrameBytes = Math.max(1, (offset - from) / decoded.size());
        }
        return decoded;
    }

    private int chunkSize() {
        long wanted = Math.min((long) usualFrameBytes * (maxRecords - records.size()), bytesLeft + bytesLeft / 8);
        return (int) Math.max(MIN_CHUNK, Math.min(wanted, MAX_CHUNK));
    }

    /** Takes the whole frames at the start of the next {@code size} bytes; returns false if there was none. */
    private boolean parse(ByteBuffer content, int size) {
        byte[] chunk = new byte[size];
        content.get(offset, chunk);
        ByteBuffer frames = ByteBuffer.wrap(chunk);
        int at = 0;
        while (!full) {
            int length = Frame.lengthAt(frames, at, size);
            if (length == 0
                    || length > size - at
                    || Frame.counter(frames, at) <= lastCounter
                    || !Frame.isIntact(frames, at, length, crc)) {
                break;
            }
            if (take(chunk, frames, at, length)) {
                at += length;
            }
        }
        offset += at;
        return at > 0 || full;
    }

    /** Takes the frame; returns false if it would exceed the limits. */
    private boolean take(byte[] chunk, ByteBuffer frames, int at, int length) {
        int key = at + Frame.HEADER_BYTES;
        int keyLength = Frame.keyLength(frames, at);
        int data = key + keyLength;
        int dataLength = length - Frame.OVERHEAD_BYTES - keyLength;
        if (dataLength > bytesLeft && !records.isEmpty()) {
            full = true;
            return false;
        }
        long counter = Frame.counter(frames, at);
        long millis = Frame.millis(frames, at);
        lastCounter = counter;
        if (millis < notBeforeMillis) {
            return true;
        }
        notBeforeMillis = Long.MIN_VALUE;
        bytesLeft = Math.max(0, bytesLeft - dataLength);
        records.add(Record.of(
                log.shard(),
                log.numbers().number(counter, millis),
                new String(chunk, key, keyLength, StandardCharsets.UTF_8),
                ByteBuffer.wrap(chunk, data, dataLength),
                millis));
        full = records.size() == maxRecords || bytesLeft == 0;
        return true;
    }

    /** Returns the end of the last frame. */
    int offset() {
        return offset;
    }

    /** Returns the last frame's counter, 0 if there was none. */
    long lastCounter() {
        return lastCounter;
    }

    /** Returns whether the frame at {@link #offset} is not whole. */
    boolean isDamaged() {
        return damaged;
    }
}
