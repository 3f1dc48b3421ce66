package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.CapturedLog;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

class RecordReadingTest {

    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    private static final Instant ARRIVAL = Instant.parse("2026-11-29T08:00:00.123Z");
    private static final byte[] PACKED = Aggregates.of("one", "two", "three");

    private final List<String> strays = new ArrayList<>();
    private final ReadObserver observer = new ReadObserver() {
        @Override
        public void strayed(Shard shard, int records) {
            strays.add(shard.id() + " " + records);
        }
    };

    private RecordReading reading(Position from, @Nullable HashKeys unpacked) {
        return new RecordReading(SHARD, from, unpacked, observer);
    }

    private static software.amazon.awssdk.services.kinesis.model.Record stored(long number, byte[] data) {
        return software.amazon.awssdk.services.kinesis.model.Record.builder()
                .sequenceNumber(Long.toString(number))
                .partitionKey("outer")
                .data(SdkBytes.fromByteArray(data))
                .approximateArrivalTimestamp(ARRIVAL)
                .build();
    }

    private static software.amazon.awssdk.services.kinesis.model.Record stored(long number, String text) {
        return stored(number, SdkBytes.fromUtf8String(text).asByteArray());
    }

    private static List<String> numbers(List<Record> records) {
        return records.stream()
                .map(record -> record.sequenceNumber().toString())
                .toList();
    }

    private List<String> numbers(Position from, @Nullable HashKeys unpacked) {
        return numbers(reading(from, unpacked).read(List.of(stored(6, "six"), stored(7, PACKED), stored(8, "eight"))));
    }

    private static SequenceNumber number(String text) {
        return SequenceNumber.parse(text);
    }

    @Test
    void an_aggregated_record_comes_as_what_was_packed_into_it() {
        List<Record> records = reading(Position.trimHorizon(), HashKeys.ALL)
                .read(List.of(stored(6, "six"), stored(7, PACKED), stored(8, "eight")));

        assertThat(numbers(records)).containsExactly("6", "7:1", "7:2", "7:3", "8");
        assertThat(records).extracting(Record::text).containsExactly("six", "one", "two", "three", "eight");
        assertThat(records).extracting(Record::partitionKey).containsExactly("outer", "one", "two", "three", "outer");
        assertThat(records).extracting(Record::approximateArrivalTimestamp).containsOnly(ARRIVAL);
        assertThat(records).extracting(Record::shard).containsOnly(SHARD);
    }

    @Test
    void an_aggregated_record_comes_as_it_is_if_it_is_not_to_be_unpacked() {
        List<Record> records = reading(Position.trimHorizon(), null).read(List.of(stored(7, PACKED)));

        assertThat(numbers(records)).containsExactly("7");
        assertThat(records.get(0).bytes()).isEqualTo(PACKED);
        assertThat(records.get(0).partitionKey()).isEqualTo("outer");
    }

    @Test
    void what_is_no_well_formed_aggregated_record_comes_as_it_is() {
        byte[] broken = PACKED.clone();
        broken[6]++;
        List<Record> records = reading(Position.trimHorizon(), HashKeys.ALL).read(List.of(stored(7, broken)));

        assertThat(numbers(records)).containsExactly("7");
        assertThat(records.get(0).bytes()).isEqualTo(broken);
    }

    @Test
    void reading_begins_behind_the_part_that_is_finished() {
        assertThat(numbers(Position.after(number("7:1")), HashKeys.ALL)).containsExactly("7:2", "7:3", "8");
        assertThat(numbers(Position.at(number("7:2")), HashKeys.ALL)).containsExactly("7:2", "7:3", "8");
        assertThat(numbers(Position.after(number("7:3")), HashKeys.ALL)).containsExactly("8");
        assertThat(numbers(Position.after(number("7:9")), HashKeys.ALL)).containsExactly("8");
    }

    @Test
    void a_number_alone_is_the_whole_record() {
        assertThat(numbers(Position.after(number("7")), HashKeys.ALL)).containsExactly("8");
        assertThat(numbers(Position.at(number("7")), HashKeys.ALL)).containsExactly("7:1", "7:2", "7:3", "8");
    }

    @Test
    void a_record_of_which_a_part_is_finished_comes_whole_if_it_is_no_longer_unpacked() {
        assertThat(numbers(Position.after(number("7:1")), null)).containsExactly("7", "8");
        assertThat(numbers(Position.after(number("7:3")), null)).containsExactly("7", "8");
        assertThat(numbers(Position.at(number("7:2")), null)).containsExactly("7", "8");
        assertThat(numbers(Position.after(number("7")), null)).containsExactly("8");
    }

    @Test
    void reading_goes_on_behind_what_was_read_though_nothing_of_it_was_left() {
        RecordReading reading = reading(Position.after(number("7:3")), HashKeys.ALL);
        assertThat(reading.read(List.of(stored(7, PACKED)))).isEmpty();
        assertThat(reading.next()).isEqualTo(Position.after(number("7")));

        assertThat(reading.read(List.of())).isEmpty();
        assertThat(reading.next()).isEqualTo(Position.after(number("7")));
    }

    @Test
    void records_of_another_shards_hash_keys_are_dropped_counted_and_told_once() {
        BigInteger half = HashKeys.ALL.last().shiftRight(1);
        HashKeys lower = new HashKeys(BigInteger.ZERO, half);
        byte[] packed = new Aggregates()
                .add("secret", half.toString(), "first")
                .add("secret", half.add(BigInteger.ONE).toString(), "second")
                .add("secret", "0", "third")
                .bytes();
        RecordReading reading = reading(Position.trimHorizon(), lower);
        try (CapturedLog log = new CapturedLog(RecordReading.class.getName())) {
            List<Record> records = reading.read(List.of(stored(7, packed), stored(8, packed)));

            assertThat(numbers(records)).containsExactly("7:1", "7:3", "8:1", "8:3");
            assertThat(strays).containsExactly("shardId-000000000000 1", "shardId-000000000000 1");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("1 of the 3")
                    .doesNotContain("secret");
        }
    }

    /** MD5 of "a" is 0cc175b9…, and of "b" 92eb5ffe…. */
    @Test
    void without_an_explicit_hash_key_the_partition_keys_hash_tells_the_shard() {
        HashKeys lower = new HashKeys(BigInteger.ZERO, HashKeys.ALL.last().shiftRight(1));
        List<Record> records = reading(Position.trimHorizon(), lower).read(List.of(stored(7, Aggregates.of("a", "b"))));

        assertThat(records).extracting(Record::text).containsExactly("a");
        assertThat(strays).containsExactly("shardId-000000000000 1");
    }
}
