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

    private static final byte[] NO_BYTES = {};

    private final Shard shard;
    private final SequenceNumber sequenceNumber;
    private final @Nullable String partitionKey;
    private final @Nullable KafkaMetadata kafka;
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final long arrivalMillis;

    private Record(
            Shard shard,
            SequenceNumber sequenceNumber,
            @Nullable String partitionKey,
            @Nullable KafkaMetadata kafka,
            byte[] bytes,
            int offset,
            int length,
            long arrivalMillis) {
        this.shard = Objects.requireNonNull(shard, "shard");
        this.sequenceNumber = Objects.requireNonNull(sequenceNumber, "sequenceNumber");
        this.partitionKey = partitionKey;
        this.kafka = kafka;
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
        Objects.requireNonNull(partitionKey, "partitionKey");
        return new Record(shard, sequenceNumber, partitionKey, null, data, 0, data.length, arrivalMillis);
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
                    Objects.requireNonNull(partitionKey, "partitionKey"),
                    null,
                    data.array(),
                    data.arrayOffset() + data.position(),
                    data.remaining(),
                    arrivalMillis);
        }
        byte[] copy = new byte[data.remaining()];
        data.duplicate().get(copy);
        return of(shard, sequenceNumber, partitionKey, copy, arrivalMillis);
    }

    /**
     * A record of a Kafka topic, over bytes that are not copied and must not be changed any more.
     *
     * @param value null for a record without a value (a tombstone)
     * @param timestamp the record's, in milliseconds since the epoch
     */
    public static Record ofKafka(Shard shard, KafkaMetadata kafka, byte @Nullable [] value, long timestamp) {
        byte[] data = value == null ? NO_BYTES : value;
        return new Record(
                shard,
                SequenceNumber.of(kafka.offset()),
                null,
                kafka.withTombstone(value == null),
                data,
                0,
                data.length,
                timestamp);
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

    /**
     * What the order is kept for. Of a Kafka record its key read as UTF-8, decoded anew at each call: empty for one without a
     * key, which {@link #kafka()} tells apart.
     */
    public String partitionKey() {
        if (kafka == null) {
            return Objects.requireNonNull(partitionKey);
        }
        byte[] key = kafka.key();
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    /** What only records of Kafka topics have: key and headers as bytes, partition, offset; null for a record of another stream. */
    public @Nullable KafkaMetadata kafka() {
        return kafka;
    }

    /** The data as a read-only buffer, without a copy; empty for a Kafka record without a value. */
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

    /** The same record over bytes of its own: it holds on to no memory of the records read with it. */
    public Record compacted() {
        return length == bytes.length
                ? this
                : new Record(shard, sequenceNumber, partitionKey, kafka, bytes(), 0, length, arrivalMillis);
    }

    /** The size of the data in bytes. */
    public int size() {
        return length;
    }

    /**
     * When the stream took the record, to the millisecond; the clock of the stream, not necessarily ordered. Of a Kafka record its
     * timestamp, which is the producer's or the broker's as the topic's configuration says.
     */
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
