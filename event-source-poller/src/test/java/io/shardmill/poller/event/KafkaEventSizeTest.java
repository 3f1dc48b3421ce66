package io.shardmill.poller.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.KafkaMetadata.TimestampType;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.testkit.Events;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaEventSizeTest {

    private static final String TOPIC = "arn:aws:kafka:us-east-1:123456789012:topic/orders";
    private static final List<KafkaFormat> FORMATS = List.of(
            new KafkaFormat(TOPIC, "b-1:9092,b-2:9092", "arn:aws:kafka:us-east-1:123456789012:cluster/sales/1"),
            new KafkaFormat(TOPIC, "b-1:9092", null));
    private static final Shard PARTITION = KafkaRecords.PARTITION;

    @Test
    void is_the_length_of_the_built_event_for_random_records() {
        long seed = new Random().nextLong();
        System.out.println("KafkaEventSizeTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            KafkaFormat format = FORMATS.get(random.nextInt(FORMATS.size()));
            EventSize size = format.eventSize(PARTITION.id());
            List<Record> records = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                records.add(randomRecord(random));
            }
            assertThat(size.of(records)).as("seed %d round %d", seed, round).isEqualTo(built(format, records, null));
            for (Record record : records) {
                assertThat(size.atMost(record))
                        .as("seed %d round %d", seed, round)
                        .isGreaterThanOrEqualTo(size.of(record));
            }
        }
    }

    @Test
    void is_the_length_of_the_built_event_of_a_window_too() {
        Record record = KafkaRecords.of(7, "key", "value");
        Instant start = Instant.parse("2026-09-17T14:11:10Z");
        String state = "{\"text\":\"\u00e9\u4e2d\ud83d\ude00\"}";
        Window window = new Window(start, start.plusSeconds(10), state, false, false);
        for (KafkaFormat format : FORMATS) {
            EventSize size = format.eventSize(PARTITION.id());
            assertThat(size.of(List.of(record)) + size.window(EventSize.utf8(state)))
                    .isEqualTo(built(format, List.of(record), window));
        }
    }

    @Test
    void adds_up_record_by_record() {
        Record first = KafkaRecords.of(9, "a", "1");
        Record second = KafkaRecords.of(10, null, null);
        EventSize size = FORMATS.get(0).eventSize(PARTITION.id());
        assertThat(size.event(size.of(first) + size.of(second), 2))
                .isEqualTo(built(FORMATS.get(0), List.of(first, second), null));
        assertThat(size.event(0, 0)).isEqualTo(built(FORMATS.get(0), List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, -1, -9, -10, -128, 127, Long.MAX_VALUE, Long.MIN_VALUE})
    void counts_the_digits_and_the_sign_of_a_number(long number) {
        assertThat(JsonSize.decimal(number)).isEqualTo(Long.toString(number).length());
    }

    private static long built(KafkaFormat format, List<Record> records, @Nullable Window window) {
        return Events.json(format, PARTITION, records, window).getBytes(StandardCharsets.UTF_8).length;
    }

    private static Record randomRecord(Random random) {
        List<Header> headers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(new Header(randomName(random), randomBytes(random)));
        }
        KafkaMetadata kafka = new KafkaMetadata(
                "orders.\"" + random.nextInt(100),
                random.nextInt(Integer.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63),
                List.of(TimestampType.values()).get(random.nextInt(3)),
                randomBytes(random),
                headers);
        return Record.ofKafka(PARTITION, kafka, randomBytes(random), random.nextLong() >> random.nextInt(64));
    }

    private static byte @Nullable [] randomBytes(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> name.append((char) random.nextInt(0x20));
                case 1 -> name.append((char) random.nextInt(0x10000)); // half a surrogate pair among others
                case 2 -> name.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> name.append("\"\\az09".charAt(random.nextInt(6)));
            }
        }
        return name.toString();
    }
}
