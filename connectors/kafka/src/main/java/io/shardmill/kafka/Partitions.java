package io.shardmill.kafka;

import org.apache.kafka.common.TopicPartition;

/** Partitions as shards: the id of one is {@code <topic>-<partition>}, as Lambda's events and Kafka's tools name it. */
final class Partitions {

    private Partitions() {}

    static String shard(TopicPartition partition) {
        return shard(partition.topic(), partition.partition());
    }

    static String shard(String topic, int partition) {
        return topic + "-" + partition;
    }

    /** Returns the number of a partition of the topic. */
    static int number(String topic, String shard) {
        String prefix = topic + "-";
        try {
            if (shard.startsWith(prefix)) {
                return Integer.parseInt(shard.substring(prefix.length()));
            }
        } catch (NumberFormatException notANumber) {
            // No partition either.
        }
        throw new IllegalArgumentException("'" + shard + "' is no partition of topic '" + topic + "'");
    }
}
