package io.shardmill.poller.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.testkit.Events;
import io.shardmill.runtime.Window;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSizeTest {

    private static final KinesisFormat ORIGIN =
            KinesisFormat.of("arn:aws:kinesis:us-east-1:123456789012:stream/orders");
    private static final Shard SHARD = new Shard("orders", "shardId-000000000003");

    private final EventSize size = ORIGIN.eventSize(SHARD.id());

    @Test
    void is_the_length_of_the_built_event_for_random_records() {
        long seed = new Random().nextLong();
        System.out.println("EventSizeTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Record> records = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                records.add(randomRecord(random));
            }
            assertThat(size.of(records)).as("seed %d round %d", seed, round).isEqualTo(built(records));
        }
    }

    @Test
    void is_the_length_of_the_built_event_of_a_window_too() {
        Record record = record("a", SequenceNumber.of(7), new byte[10], 1_789_809_023_187L);
        for (String state : List.of("{}", "{\"n\":1}", "{\"text\":\"\u00e9\u07ff\u0800\u4e2d\ud83d\ude00\ud83d!\"}")) {
            Instant start = Instant.parse("2026-09-17T14:11:10Z");
            Window window = new Window(start, start.plusSeconds(10), state, false, false);
            long bytes = Events.json(ORIGIN, SHARD, List.of(record), window).getBytes(StandardCharsets.UTF_8).length;
            assertThat(size.of(List.of(record)) + size.window(EventSize.utf8(state)))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void adds_up_record_by_record() {
        Record first = record("a", SequenceNumber.of(7), new byte[10], 1_789_809_023_187L);
        Record second = record("key-\u00e9\u4e2d\ud83d\ude00", SequenceNumber.of(10), new byte[11], 1_789_809_023_000L);
        assertThat(size.event(size.of(first) + size.of(second), 2)).isEqualTo(built(List.of(first, second)));
        assertThat(size.event(0, 0)).isEqualTo(built(List.of()));
    }

    @Test
    void counts_digits_exactly_around_every_power_of_two_and_ten() {
        List<BigInteger> edges = new ArrayList<>();
        for (int bits = 0; bits <= 192; bits++) {
            edges.add(BigInteger.TWO.pow(bits));
        }
        for (int power = 0; power <= 57; power++) {
            edges.add(BigInteger.TEN.pow(power));
        }
        for (BigInteger edge : edges) {
            for (int offset = -1; offset <= 1; offset++) {
                BigInteger value = edge.add(BigInteger.valueOf(offset));
                if (value.signum() >= 0 && value.bitLength() <= 192) {
                    String text = value.toString();
                    assertThat(JsonSize.digits(SequenceNumber.parse(text)))
                            .as(text)
                            .isEqualTo(text.length());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                10,
                100,
                999,
                1_000,
                1_010,
                1_789_809_023_187L,
                1_789_809_023_500L,
                9_999_999_999_000L,
                -1,
                -1_500
            })
    void knows_every_form_of_a_time(long millis) {
        assertThat(JsonSize.epochSeconds(millis))
                .isEqualTo(EventTexts.epochSeconds(millis).length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "9:1", "10", "10:1", "11:1", "99:2", "100", "100:1", "100:2"})
    void counts_the_digits_of_the_record_that_another_one_was_unpacked_from(String number) {
        SequenceNumber unpacked = SequenceNumber.parse(number);
        assertThat(JsonSize.digits(unpacked))
                .isEqualTo(EventTexts.number(unpacked).length());
    }

    @Test
    void half_a_surrogate_pair_in_a_key_is_counted_as_it_is_written() {
        Record record = record("\ud83d!\ude00\ude00\ud83d", SequenceNumber.of(1), new byte[0], 0);
        assertThat(size.of(List.of(record))).isEqualTo(built(List.of(record)));
    }

    @Test
    void the_limit_is_lambdas_6_MB() {
        assertThat(EventSize.MAX_EVENT_BYTES).isEqualTo(6_291_456);
    }

    private static long built(List<Record> records) {
        return Events.json(ORIGIN, records).getBytes(StandardCharsets.UTF_8).length;
    }

    private static Record randomRecord(Random random) {
        SequenceNumber number = SequenceNumber.ofBits(
                random.nextBoolean() ? 0 : random.nextLong(),
                random.nextInt(4) == 0 ? 0 : random.nextLong(),
                random.nextLong() >>> random.nextInt(64));
        byte[] data = new byte[random.nextInt(200)];
        random.nextBytes(data);
        long millis = random.nextInt(3) == 0 ? random.nextInt() * 10L : 1_789_809_023_000L + random.nextInt(1_000_000);
        return record(
                randomKey(random),
                random.nextInt(8) == 0 ? number.withSubSequence(random.nextInt(1000)) : number,
                data,
                millis);
    }

    private static String randomKey(Random random) {
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> key.append((char) random.nextInt(0x20));
                case 1 -> key.append("\"\\/\u007f\u0080\u2028<".charAt(random.nextInt(7)));
                case 2 -> key.appendCodePoint(random.nextInt(0xD800));
                case 3 -> key.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> key.append((char) (' ' + random.nextInt(95)));
            }
        }
        return key.toString();
    }

    private static Record record(String key, SequenceNumber number, byte[] data, long millis) {
        return Record.of(SHARD, number, key, data, millis);
    }
}
