package io.shardmill.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.KafkaMetadata.TimestampType;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordTest {

    private static final Shard SHARD = new Shard("orders", "shardId-000000000001");
    private static final byte[] BYTES = "..héllo..".getBytes(StandardCharsets.UTF_8);

    @Test
    void shows_what_it_was_made_of() {
        Record record =
                Record.of(SHARD, SequenceNumber.of(5), "key", "text", Instant.parse("2026-11-23T08:00:00.123Z"));
        assertThat(record.stream()).isEqualTo("orders");
        assertThat(record.shardId()).isEqualTo("shardId-000000000001");
        assertThat(record.shard()).isEqualTo(SHARD);
        assertThat(record.sequenceNumber()).isEqualTo(SequenceNumber.of(5));
        assertThat(record.partitionKey()).isEqualTo("key");
        assertThat(record.text()).isEqualTo("text");
        assertThat(record.size()).isEqualTo(4);
    }

    @Test
    void field_note_16_times_come_back_with_their_milliseconds() {
        Instant time = Instant.parse("2026-11-23T08:00:00.123Z");
        Record record = Record.of(SHARD, SequenceNumber.of(5), "key", "text", time);
        assertThat(record.approximateArrivalTimestamp()).isEqualTo(time);
        assertThat(record.approximateArrivalMillis()).isEqualTo(time.toEpochMilli());
    }

    @Test
    void a_slice_of_a_larger_array_is_only_the_slice() {
        ByteBuffer slice = ByteBuffer.wrap(BYTES, 2, BYTES.length - 4);
        assertIsHello(Record.of(SHARD, SequenceNumber.of(1), "k", slice, 0));
        assertIsHello(Record.of(SHARD, SequenceNumber.of(1), "k", slice.slice(), 0));
        assertIsHello(Record.of(SHARD, SequenceNumber.of(1), "k", slice.asReadOnlyBuffer(), 0));
        ByteBuffer direct =
                ByteBuffer.allocateDirect(BYTES.length).put(BYTES).position(2).limit(BYTES.length - 2);
        assertIsHello(Record.of(SHARD, SequenceNumber.of(1), "k", direct, 0));
        assertThat(slice.position()).isEqualTo(2);
        assertThat(direct.position()).isEqualTo(2);
    }

    private static void assertIsHello(Record record) {
        byte[] expected = "héllo".getBytes(StandardCharsets.UTF_8);
        assertThat(record.text()).isEqualTo("héllo");
        assertThat(record.bytes()).isEqualTo(expected);
        assertThat(record.size()).isEqualTo(expected.length);
        assertThat(record.data()).isEqualTo(ByteBuffer.wrap(expected));
        assertThat(record.data().position()).isZero();
    }

    @Test
    void its_data_can_not_be_changed_through_it() {
        Record record = Record.of(SHARD, SequenceNumber.of(1), "k", "text", Instant.EPOCH);
        record.bytes()[0] = 'X';
        assertThatThrownBy(() -> record.data().put(0, (byte) 'X')).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(record.text()).isEqualTo("text");
    }

    @Test
    void each_data_buffer_is_read_on_its_own() {
        Record record = Record.of(SHARD, SequenceNumber.of(1), "k", "text", Instant.EPOCH);
        record.data().get();
        assertThat(record.data().remaining()).isEqualTo(4);
    }

    @Test
    void malformed_utf_8_becomes_replacement_characters() {
        Record record = Record.of(SHARD, SequenceNumber.of(1), "k", new byte[] {'a', (byte) 0xff, 'b'}, 0);
        assertThat(record.text()).isEqualTo("a\ufffdb");
    }

    @Test
    void printed_it_shows_neither_key_nor_data() {
        assertThat(Record.of(SHARD, SequenceNumber.of(17), "secret", "secret", Instant.EPOCH))
                .hasToString("Record[orders/shardId-000000000001, 17, 6 bytes]");
    }

    @Test
    void records_are_equal_if_they_stand_at_the_same_place_of_the_same_shard() {
        Shard shard = new Shard("orders", "shardId-000000000000");
        Record record = Record.of(shard, SequenceNumber.of(7), "k", "text", Instant.EPOCH);
        assertThat(record)
                .isEqualTo(Record.of(shard, SequenceNumber.of(7), "k", "text", Instant.EPOCH))
                .hasSameHashCodeAs(Record.of(shard, SequenceNumber.of(7), "k", "text", Instant.EPOCH))
                .isNotEqualTo(Record.of(shard, SequenceNumber.of(8), "k", "text", Instant.EPOCH))
                .isNotEqualTo(Record.of(
                        new Shard("orders", "shardId-000000000001"), SequenceNumber.of(7), "k", "text", Instant.EPOCH))
                .isNotEqualTo(Record.of(shard, SequenceNumber.of(7).withSubSequence(1), "k", "text", Instant.EPOCH));
    }

    @Test
    void a_kafka_record_has_its_offset_as_number_and_its_key_as_text() {
        Record record = kafka("order-7".getBytes(StandardCharsets.UTF_8), BYTES);
        assertThat(record.sequenceNumber()).isEqualTo(SequenceNumber.of(15));
        assertThat(record.partitionKey()).isEqualTo("order-7");
        assertThat(record.approximateArrivalMillis()).isEqualTo(1_789_809_023_187L);
        assertThat(record.bytes()).isEqualTo(BYTES);
        KafkaMetadata kafka = Objects.requireNonNull(record.kafka());
        assertThat(kafka.topic()).isEqualTo("orders");
        assertThat(kafka.partition()).isEqualTo(3);
        assertThat(kafka.offset()).isEqualTo(15);
        assertThat(kafka.isTombstone()).isFalse();
        assertThat(kafka.header("h")).isEqualTo(new byte[] {2});
        assertThat(kafka.header("absent")).isNull();
    }

    @Test
    void a_kafka_record_without_key_or_value_is_not_one_with_empty_ones() {
        Record tombstone = kafka(null, null);
        assertThat(tombstone.partitionKey()).isEmpty();
        assertThat(tombstone.size()).isZero();
        assertThat(Objects.requireNonNull(tombstone.kafka()).key()).isNull();
        assertThat(Objects.requireNonNull(tombstone.kafka()).isTombstone()).isTrue();
        Record empty = kafka(new byte[0], new byte[0]);
        assertThat(empty.partitionKey()).isEmpty();
        assertThat(Objects.requireNonNull(empty.kafka()).key()).isEmpty();
        assertThat(Objects.requireNonNull(empty.kafka()).isTombstone()).isFalse();
    }

    @Test
    void records_of_other_streams_have_no_kafka_metadata() {
        assertThat(Record.of(SHARD, SequenceNumber.of(1), "k", BYTES, 0).kafka())
                .isNull();
    }

    @Test
    void a_compacted_record_is_the_same_over_bytes_of_its_own() {
        ByteBuffer slice = ByteBuffer.wrap(BYTES, 2, BYTES.length - 4);
        assertIsHello(Record.of(SHARD, SequenceNumber.of(1), "k", slice, 0).compacted());
        Record kafka = kafka(null, null).compacted();
        assertThat(Objects.requireNonNull(kafka.kafka()).isTombstone()).isTrue();
    }

    private static Record kafka(byte @Nullable [] key, byte @Nullable [] value) {
        KafkaMetadata metadata = new KafkaMetadata(
                "orders",
                3,
                15,
                TimestampType.CREATE_TIME,
                key,
                List.of(new Header("h", new byte[] {1}), new Header("g", null), new Header("h", new byte[] {2})));
        return Record.ofKafka(new Shard("orders", "orders-3"), metadata, value, 1_789_809_023_187L);
    }
}
