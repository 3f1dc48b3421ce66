package io.shardmill.benchmarks;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a contestant in another process is to read, and how.
 *
 * @param group which nobody else is in
 * @param records the topic has, or will have, numbered from 0
 * @param batch records of a poll, and of a batch, at most
 * @param parallelism calls of the function at once, at most
 * @param waitMillis how long the function waits for each record; it watches the order of each key while it does
 * @param poison the number of a record that the function always fails on; negative for none
 * @param isTimed whether each record's time from put to function is kept
 */
record ConsumeOrder(
        String bootstrapServers,
        String group,
        String topic,
        int partitions,
        int records,
        int batch,
        int parallelism,
        int waitMillis,
        int poison,
        boolean isTimed) {

    /** Records of a poll at most, by Kafka's default. */
    static final int POLL = 500;

    /** How often what has failed is tried again. */
    static final int RETRIES = 2;

    static ConsumeOrder of(String bootstrapServers, String group, String topic, int partitions, int records) {
        return new ConsumeOrder(bootstrapServers, group, topic, partitions, records, POLL, partitions, 0, -1, false);
    }

    ConsumeOrder waiting(int parallelism, int waitMillis) {
        return new ConsumeOrder(
                bootstrapServers, group, topic, partitions, records, batch, parallelism, waitMillis, poison, isTimed);
    }

    ConsumeOrder timed() {
        return new ConsumeOrder(
                bootstrapServers, group, topic, partitions, records, batch, parallelism, waitMillis, poison, true);
    }

    ConsumeOrder failing(int batch, int poison) {
        return new ConsumeOrder(
                bootstrapServers, group, topic, partitions, records, batch, parallelism, waitMillis, poison, isTimed);
    }

    /** Settings of a consumer: Kafka's defaults, but for the place of the first record and for who commits. */
    Map<String, Object> consumer() {
        return Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", group,
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", false,
                "max.poll.records", batch);
    }

    List<String> words() {
        return List.of(
                bootstrapServers,
                group,
                topic,
                "" + partitions,
                "" + records,
                "" + batch,
                "" + parallelism,
                "" + waitMillis,
                "" + poison,
                "" + isTimed);
    }

    static ConsumeOrder parse(List<String> words) {
        return new ConsumeOrder(
                words.get(0),
                words.get(1),
                words.get(2),
                Integer.parseInt(words.get(3)),
                Integer.parseInt(words.get(4)),
                Integer.parseInt(words.get(5)),
                Integer.parseInt(words.get(6)),
                Integer.parseInt(words.get(7)),
                Integer.parseInt(words.get(8)),
                Boolean.parseBoolean(words.get(9)));
    }
}
