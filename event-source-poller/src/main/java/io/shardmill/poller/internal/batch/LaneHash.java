package io.shardmill.poller.internal.batch;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import java.util.Arrays;

/**
 * Which lane a partition key belongs to. Part of the checkpoint's format: facts about lanes outlive the
 * process, so this function must never change.
 */
public final class LaneHash {

    private LaneHash() {}

    /** The lane of a record, 0 to {@code factor - 1}: that of its key, or of its offset if it is a Kafka record without a key. */
    public static int laneOf(Record record, int factor) {
        if (factor == 1) {
            return 0;
        }
        KafkaMetadata kafka = record.kafka();
        if (kafka == null) {
            return laneOf(record.partitionKey(), factor);
        }
        int hash = kafka.key() == null ? Long.hashCode(kafka.offset()) : Arrays.hashCode(kafka.key());
        return Integer.remainderUnsigned(mix(hash), factor);
    }

    /** The lane, 0 to {@code factor - 1}; with factor 1 the key isn't looked at. */
    public static int laneOf(String partitionKey, int factor) {
        return factor == 1 ? 0 : Integer.remainderUnsigned(mix(partitionKey.hashCode()), factor);
    }

    /** Spreads the hash over all bits (murmur3's finalizer): the low bits of similar keys' hashes are similar. */
    private static int mix(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
