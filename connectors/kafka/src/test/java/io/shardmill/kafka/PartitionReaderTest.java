package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionReaderTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final ReadResult AT_TIP = new ReadResult.Nothing(true);
    private static final ReadResult UNDER_WAY = new ReadResult.Nothing(false);

    private int wakes;
    private int demands;
    private final PartitionReader reader = new PartitionReader(
            new Shard("orders", "orders-0"),
            PARTITION,
            Position.trimHorizon(),
            () -> wakes++,
            new PartitionReader.Poller() {
                @Override
                public void demand() {
                    demands++;
                }

                @Override
                public void finished(TopicPartition partition, long offset, @Nullable LogPosition read, String ahead) {}

                @Override
                public void closed(PartitionReader closed) {}
            });

    @BeforeEach
    void begin() {
        reader.begun(0, null);
    }

    private static final int EPOCH = 3;

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>(
                "orders",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                1,
                new byte[0],
                new byte[] {1},
                new RecordHeaders(),
                Optional.of(EPOCH));
    }

    /** Polls records at these offsets; the offsets up to the last that have no record are control records. */
    private void poll(int from, int until, long next) {
        reader.add(
                IntStream.range(from, until).mapToObj(offset -> record(offset)).toList(), next);
    }

    private void poll(int from, int until) {
        poll(from, until, until);
    }

    private ReadResult read() {
        return reader.read(100, 1 << 20);
    }

    @Test
    void it_is_at_the_tip_once_when_the_broker_was_asked_after_the_last_read() {
        assertThat(read()).isEqualTo(UNDER_WAY);
        reader.refreshed(reader.refreshes());
        assertThat(wakes).isEqualTo(1);
        assertThat(read()).isEqualTo(AT_TIP);
        assertThat(read()).isEqualTo(UNDER_WAY);
    }

    @Test
    void an_answer_to_an_earlier_question_says_nothing() {
        assertThat(read()).isEqualTo(UNDER_WAY);
        long asked = reader.refreshes();
        reader.refresh();
        reader.refreshed(asked);
        assertThat(read()).isEqualTo(UNDER_WAY);
        assertThat(demands).isEqualTo(1);
    }

    @Test
    void it_is_not_at_the_tip_of_what_it_has_not_given() {
        assertThat(read()).isEqualTo(UNDER_WAY);
        long asked = reader.refreshes();
        poll(0, 1);
        reader.refreshed(asked);
        assertThat(read()).isInstanceOf(ReadResult.Records.class);
        assertThat(read()).isEqualTo(UNDER_WAY);
    }

    @Test
    void it_wants_records_again_when_it_has_given_half_of_what_it_may_hold() {
        poll(0, 10);
        assertThat(reader.hasRoom(10, 1 << 20)).isFalse();
        reader.read(4, 1 << 20);
        assertThat(demands).isZero();
        reader.read(1, 1 << 20);
        assertThat(demands).isEqualTo(1);
        assertThat(reader.hasRoom(10, 1 << 20)).isTrue();
    }

    @Test
    void the_lowest_unfinished_offset_is_committed_and_what_is_no_record_after_the_last_one_is_finished_with_it() {
        poll(0, 5, 8);
        read();
        assertThat(reader.toBeCommitted()).isZero();
        reader.finished(SequenceNumber.of(2), "");
        assertThat(reader.toBeCommitted()).isEqualTo(3);
        reader.finished(SequenceNumber.of(4), "");
        assertThat(reader.toBeCommitted()).isEqualTo(8);
        poll(8, 9);
        assertThat(reader.toBeCommitted()).isEqualTo(5);
    }

    @Test
    void what_is_no_record_is_finished_without_any_record() {
        poll(0, 0, 2);
        assertThat(read()).isEqualTo(UNDER_WAY);
        assertThat(reader.toBeCommitted()).isEqualTo(2);
    }

    @Test
    void it_knows_how_far_its_shard_has_read_and_by_which_leader() {
        assertThat(reader.logRead()).isNull();
        poll(0, 3, 4); // there is a marker after the records
        assertThat(reader.logRead()).isNull();
        reader.read(2, 1 << 20);
        assertThat(reader.logRead()).isEqualTo(new LogPosition(2, EPOCH));
        read();
        assertThat(reader.logRead()).isEqualTo(new LogPosition(3, EPOCH));
    }

    @Test
    void what_others_have_read_further_on_counts_until_it_is_read_here() {
        LogPosition others = new LogPosition(2, EPOCH);
        reader.begun(0, others);
        poll(0, 3);
        reader.read(1, 1 << 20);
        assertThat(reader.logRead()).isEqualTo(others);
        read();
        assertThat(reader.logRead()).isEqualTo(new LogPosition(3, EPOCH));
    }

    @Test
    void a_record_of_a_later_leader_before_what_was_read_came_in_the_place_of_a_lost_one() {
        reader.begun(0, new LogPosition(3, EPOCH - 1));
        poll(0, 3);
        assertThat(read())
                .isInstanceOfSatisfying(
                        ReadResult.Unavailable.class,
                        result -> assertThat(result.reason()).contains("orders-0 has lost records"));
    }

    @Test
    void a_record_of_a_later_leader_after_what_was_read_is_one_like_others() {
        reader.begun(3, new LogPosition(3, EPOCH - 1));
        poll(3, 4);
        assertThat(read()).isInstanceOf(ReadResult.Records.class);
    }

    @Test
    void records_that_were_deleted_are_finished() {
        reader.trimmed(20);
        assertThat(read()).isEqualTo(new ReadResult.Trimmed(Position.at(SequenceNumber.of(20))));
        assertThat(reader.toBeCommitted()).isEqualTo(20);
    }

    @Test
    void a_partition_that_can_not_be_read_is_not_wanted() {
        reader.lost(7);
        assertThat(read()).isInstanceOf(ReadResult.Unavailable.class);
        assertThat(reader.hasRoom(10, 1 << 20)).isFalse();
    }
}
