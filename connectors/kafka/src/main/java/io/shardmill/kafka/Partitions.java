package io.shardmill.kafka;

import java.util.OptionalInt;
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
        OptionalInt number = OptionalInt.empty();
        if (shard.startsWith(topic + "-")) {
            try {
                number = OptionalInt.of(Integer.parseInt(shard.substring(topic.length() + 1)));
            } catch (NumberFormatException notANumber) {
                number = OptionalInt.empty();
            }
        }
        return number.orElseThrow(
                () -> new IllegalArgumentException("'" + shard + "' is no partition of topic '" + topic + "'"));
    }
}
