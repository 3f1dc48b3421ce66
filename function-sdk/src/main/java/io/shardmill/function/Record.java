package io.shardmill.function;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of a stream, as a function receives it. Immutable as long as whoever made it leaves the
 * bytes alone; safe to keep and to share between threads. A kept record may hold on to the memory of
 * the records read with it: copy out what is kept for long.
 *
 * <p>Import it by name: {@code import io.shardmill.function.Record;}.
 */
public final class Record {

    private final Shard shard;
    private final SequenceNumber sequenceNumber;
    private final String partitionKey;
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final long arrivalMillis;

    private Record(
            Shard shard,
            SequenceNumber sequenceNumber,
            String partitionKey,
            byte[] bytes,
            int offset,
            int length,
            long arrivalMillis) {
        this.shard = Objects.requireNonNull(shard, "shard");
        this.sequenceNumber = Objects.requireNonNull(sequenceNumber, "sequenceNumber");
        this.partitionKey = Objects.requireNonNull(partitionKey, "partitionKey");
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.arrivalMillis = arrivalMillis;
    }

    /**
     * A record over the given bytes, which are not copied and must not be changed any more.
     *
     * @param arrivalMillis when the stream took the record, in milliseconds since the epoch
     */
    public static Record of(
            Shard shard, SequenceNumber sequenceNumber, String partitionKey, byte[] data, long arrivalMillis) {
        return new Record(shard, sequenceNumber, partitionKey, data, 0, data.length, arrivalMillis);
    }

    /**
     * A record over the buffer's remaining bytes. A buffer with an accessible array is not copied and its
     * content must not be changed any more.
     *
     * @param arrivalMillis when the stream took the record, in milliseconds since the epoch
     */
    public static Record of(
            Shard shard, SequenceNumber sequenceNumber, String partitionKey, ByteBuffer data, long arrivalMillis) {
        if (data.hasArray()) {
            return new Record(
                    shard,
                    sequenceNumber,
                    partitionKey,
                    data.array(),
                    data.arrayOffset() + data.position(),
                    data.remaining(),
                    arrivalMillis);
        }
        byte[] copy = new byte[data.remaining()];
        data.duplicate().get(copy);
        return of(shard, sequenceNumber, partitionKey, copy, arrivalMillis);
    }

    /** A record with a text (UTF-8) as its data: the short form for tests. */
    public static Record of(
            Shard shard, SequenceNumber sequenceNumber, String partitionKey, String text, Instant arrival) {
        return of(shard, sequenceNumber, partitionKey, text.getBytes(StandardCharsets.UTF_8), arrival.toEpochMilli());
    }

    /** The stream's name. */
    public String stream() {
        return shard.stream();
    }

    /** The shard's id, such as {@code shardId-000000000003}. */
    public String shardId() {
        return shard.id();
    }

    public Shard shard() {
        return shard;
    }

    /** Grows within the shard; the records of one partition key arrive in its order. */
    public SequenceNumber sequenceNumber() {
        return sequenceNumber;
    }

    public String partitionKey() {
        return partitionKey;
    }

    /** The data as a read-only buffer, without a copy. */
    public ByteBuffer data() {
        return ByteBuffer.wrap(bytes, offset, length).slice().asReadOnlyBuffer();
    }

    /** The data as a new array. */
    public byte[] bytes() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** The data read as UTF-8; malformed bytes become replacement characters. Decoded anew at each call. */
    public String text() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    /** The size of the data in bytes. */
    public int size() {
        return length;
    }

    /** When the stream took the record, to the millisecond; the clock of the stream, not necessarily ordered. */
    public Instant approximateArrivalTimestamp() {
        return Instant.ofEpochMilli(arrivalMillis);
    }

    /** {@link #approximateArrivalTimestamp()} in milliseconds since the epoch. */
    public long approximateArrivalMillis() {
        return arrivalMillis;
    }

    /** Two records are equal if they stand at the same place: the same number of the same shard. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Record record
                && sequenceNumber.equals(record.sequenceNumber)
                && shard.equals(record.shard);
    }

    @Override
    public int hashCode() {
        return sequenceNumber.hashCode();
    }

    /** Where the record is and how large, without its key and data: fit for a log. */
    @Override
    public String toString() {
        return "Record[" + shard + ", " + sequenceNumber + ", " + length + " bytes]";
    }
}
