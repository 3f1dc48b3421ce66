package io.shardmill.function;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a Kafka topic has beyond one of another stream. Immutable as long as nobody changes its arrays.
 *
 * @param topic the topic's name, which need not be the stream's
 * @param partition 0 or more
 * @param offset the record's place in the partition, 0 or more
 * @param timestampType whose clock the record's timestamp is of
 * @param key not copied; null for a record without a key, which is not the same as an empty one
 * @param headers in the record's order; a name may come more than once
 * @param isTombstone whether the record has no value, which is not the same as an empty one
 */
public record KafkaMetadata(
        String topic,
        int partition,
        long offset,
        TimestampType timestampType,
        byte @Nullable [] key,
        List<Header> headers,
        boolean isTombstone) {

    /** Whose clock a timestamp is of, as Kafka names it. */
    public enum TimestampType {
        /** Records of very old topics have no timestamp. */
        NO_TIMESTAMP_TYPE,
        /** The producer's, or what the producer set. */
        CREATE_TIME,
        /** The broker's, when it appended the record. */
        LOG_APPEND_TIME
    }

    /**
     * One header.
     *
     * @param value not copied; null for a header without a value
     */
    public record Header(String name, byte @Nullable [] value) {

        public Header {
            Objects.requireNonNull(name, "name");
        }
    }

    public KafkaMetadata {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(timestampType, "timestampType");
        headers = List.copyOf(headers);
    }

    /** Metadata of a record with a value. */
    public KafkaMetadata(
            String topic,
            int partition,
            long offset,
            TimestampType timestampType,
            byte @Nullable [] key,
            List<Header> headers) {
        this(topic, partition, offset, timestampType, key, headers, false);
    }

    /** Returns the value of the last header of that name; null if there is none, or it has no value. */
    public byte @Nullable [] header(String name) {
        for (int index = headers.size() - 1; index >= 0; index--) {
            if (headers.get(index).name().equals(name)) {
                return headers.get(index).value();
            }
        }
        return null;
    }

    KafkaMetadata withTombstone(boolean isTombstone) {
        return isTombstone == this.isTombstone
                ? this
                : new KafkaMetadata(topic, partition, offset, timestampType, key, headers, isTombstone);
    }

    /** Where the record is, without its key and headers: fit for a log. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
