package io.shardmill.poller.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.KafkaMetadata.TimestampType;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Lanes are part of the checkpoint's format: these vectors, computed by another program, must never change.
 * How Lambda assigns keys to lanes is not known (spec 6.6); a stable hash is this project's choice.
 */
class LaneHashTest {

    /** By key: its lane under the factors 1 to 10. */
    private static final Map<String, List<Integer>> VECTORS = Map.of(
            "",
            List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            "a",
            List.of(0, 1, 2, 1, 0, 5, 0, 1, 2, 5),
            "order-7",
            List.of(0, 0, 1, 2, 0, 4, 4, 6, 4, 0),
            "key-\u00e9\u4e2d\ud83d\ude00",
            List.of(0, 0, 2, 2, 3, 2, 6, 6, 2, 8),
            "shard",
            List.of(0, 1, 0, 3, 2, 3, 3, 3, 6, 7),
            "1",
            List.of(0, 0, 1, 0, 4, 4, 0, 0, 7, 4),
            "2",
            List.of(0, 1, 2, 1, 1, 5, 3, 5, 2, 1),
            "customer-1000000",
            List.of(0, 0, 0, 0, 3, 0, 2, 4, 6, 8),
            "x".repeat(256),
            List.of(0, 0, 1, 2, 0, 4, 0, 2, 4, 0));

    /** By the bytes of a Kafka record's key, in hexadecimal: its lane under the factors 1 to 10. */
    private static final Map<String, List<Integer>> KAFKA_KEYS = Map.of(
            "",
            List.of(0, 1, 1, 3, 2, 1, 6, 7, 7, 7),
            "61",
            List.of(0, 1, 1, 3, 4, 1, 3, 7, 7, 9),
            "6f726465722d37",
            List.of(0, 0, 1, 2, 1, 4, 6, 6, 1, 6),
            "c3a9e4b8adf09f9880",
            List.of(0, 0, 2, 0, 4, 2, 2, 0, 8, 4),
            "ff0080",
            List.of(0, 1, 0, 1, 3, 3, 4, 5, 6, 3));

    /** By the offset of a Kafka record without a key. */
    private static final Map<Long, List<Integer>> KAFKA_OFFSETS = Map.of(
            0L,
            List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            1L,
            List.of(0, 1, 1, 3, 2, 1, 6, 7, 7, 7),
            15L,
            List.of(0, 1, 2, 1, 0, 5, 6, 5, 5, 5),
            4294967303L,
            List.of(0, 0, 1, 0, 2, 4, 3, 0, 1, 2));

    @Test
    void a_keys_lane_is_what_it_always_was() {
        VECTORS.forEach((key, lanes) -> assertThat(IntStream.rangeClosed(1, 10)
                        .map(factor -> LaneHash.laneOf(key, factor))
                        .boxed())
                .as("key '%s'", key)
                .containsExactlyElementsOf(lanes));
    }

    @Test
    void the_lane_of_a_kafka_record_is_that_of_its_keys_bytes() {
        KAFKA_KEYS.forEach((key, lanes) -> assertThat(
                        lanesOf(kafkaRecord(HexFormat.of().parseHex(key), 15)))
                .as("key %s", key)
                .isEqualTo(lanes));
    }

    @Test
    void kafka_records_without_a_key_have_the_lanes_of_their_offsets_and_an_empty_key_is_a_key() {
        KAFKA_OFFSETS.forEach((offset, lanes) -> assertThat(lanesOf(kafkaRecord(null, offset)))
                .as("offset %d", offset)
                .isEqualTo(lanes));
        assertThat(lanesOf(kafkaRecord(new byte[0], 1))).isEqualTo(lanesOf(kafkaRecord(new byte[0], 2)));
    }

    @Test
    void records_of_other_streams_have_the_lanes_of_their_partition_keys() {
        Record record = Record.of(new Shard("orders", "0"), SequenceNumber.of(1), "order-7", "", Instant.EPOCH);
        assertThat(lanesOf(record)).isEqualTo(VECTORS.get("order-7"));
    }

    private static Record kafkaRecord(byte @Nullable [] key, long offset) {
        return Record.ofKafka(
                new Shard("orders", "orders-0"),
                new KafkaMetadata("orders", 0, offset, TimestampType.CREATE_TIME, key, List.of()),
                new byte[0],
                0);
    }

    private static List<Integer> lanesOf(Record record) {
        return IntStream.rangeClosed(1, 10)
                .map(factor -> LaneHash.laneOf(record, factor))
                .boxed()
                .toList();
    }

    @Test
    void similar_keys_spread_over_all_lanes() {
        for (int factor = 2; factor <= 10; factor++) {
            int[] keys = new int[factor];
            for (int number = 0; number < 10_000; number++) {
                keys[LaneHash.laneOf("key-" + number, factor)]++;
            }
            assertThat(Arrays.stream(keys).map(count -> count * keys.length))
                    .as("factor %d", factor)
                    .allMatch(count -> count > 9_000 && count < 11_000);
        }
    }
}
