package io.shardmill.poller.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchAccumulatorTest {

    private static final KinesisFormat ORIGIN =
            KinesisFormat.of("arn:aws:kinesis:us-east-1:123456789012:stream/orders");
    private static final EventSize SIZE = ORIGIN.eventSize(Batches.SHARD.id());
    private static final long NEVER = Long.MAX_VALUE;

    private final FinishedRecords records = new FinishedRecords(1, Progress.NONE);
    private long number;

    private BatchAccumulator accumulator(Batching batching) {
        return accumulator(EventSourceMapping.of("orders", "orders").with(batching));
    }

    private BatchAccumulator accumulator(EventSourceMapping mapping) {
        return new BatchAccumulator(mapping, SIZE, records, 0, LaneWindow.NONE);
    }

    private void read(int count) {
        for (int index = 0; index < count; index++) {
            records.read(Batches.record(++number));
        }
    }

    private static int ready(BatchAccumulator accumulator, long now) {
        accumulator.gather(now);
        return accumulator.ready(now, false);
    }

    @Test
    void a_batch_is_full_at_its_size_and_leaves_the_rest() {
        BatchAccumulator accumulator = accumulator(Batching.defaults().withBatchSize(3));
        read(2);
        accumulator.gather(0);
        assertThat(accumulator.isFull()).isFalse();
        read(2);

        assertThat(ready(accumulator, 0)).isEqualTo(3);
        assertThat(accumulator.isFull()).isTrue();
    }

    @Test
    void without_a_window_a_batch_grows_as_long_as_more_is_at_hand() {
        BatchAccumulator accumulator = accumulator(Batching.defaults());
        read(1);
        accumulator.gather(0);

        assertThat(accumulator.ready(0, true)).isZero();
        assertThat(accumulator.ready(0, false)).isEqualTo(1);
    }

    @Test
    void nothing_waiting_is_no_batch_and_never_due() {
        BatchAccumulator accumulator = accumulator(Batching.defaults());

        assertThat(ready(accumulator, 0)).isZero();
        assertThat(accumulator.due()).isEqualTo(NEVER);
    }

    @Test
    void the_window_begins_when_the_first_record_waits() {
        BatchAccumulator accumulator = accumulator(Batching.defaults().withWindow(Duration.ofSeconds(5)));
        accumulator.gather(1_000);
        read(1);

        assertThat(ready(accumulator, 2_000)).isZero();
        read(1);
        assertThat(ready(accumulator, 6_999)).isZero();
        assertThat(accumulator.due()).isEqualTo(7_000);
        assertThat(ready(accumulator, 7_000)).isEqualTo(2);
    }

    @Test
    void the_window_of_records_that_wait_already_begins_when_the_lane_is_free_again() {
        BatchAccumulator accumulator =
                accumulator(Batching.defaults().withBatchSize(2).withWindow(Duration.ofSeconds(5)));
        read(3);
        assertThat(ready(accumulator, 0)).isEqualTo(2);
        accumulator.taken();
        records.finish(0, 2);

        assertThat(ready(accumulator, 3_000)).isZero();
        assertThat(accumulator.due()).isEqualTo(8_000);
    }

    @Test
    void an_underfilled_batch_is_due_at_the_age_limit_of_its_oldest_record() {
        BatchAccumulator accumulator = accumulator(EventSourceMapping.of("orders", "orders")
                .with(Batching.defaults().withWindow(Duration.ofSeconds(300)))
                .with(FailureHandling.defaults().withMaximumRecordAge(Duration.ofSeconds(60))));
        records.read(Batches.record(1, "key", 10_000));

        assertThat(ready(accumulator, 20_000)).isZero();
        assertThat(accumulator.due()).isEqualTo(70_000);
        assertThat(ready(accumulator, 70_000)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "a \"quoted\" key with \n, é and 中"})
    void case_34_a_batch_may_take_6_MB_to_the_exact_byte_and_not_one_more(String key) {
        for (int missing : List.of(1, 0, -1)) {
            FinishedRecords lane = new FinishedRecords(1, Progress.NONE);
            Record first = sized(1, key, 3_000_000);
            // Base64 comes in fours: the second key's length makes up for what is left.
            Record second = second(first, key, missing);
            lane.read(first);
            lane.read(second);
            BatchAccumulator accumulator =
                    new BatchAccumulator(EventSourceMapping.of("orders", "orders"), SIZE, lane, 0, LaneWindow.NONE);
            accumulator.gather(0);

            int built = Events.json(ORIGIN, List.of(first, second)).getBytes(StandardCharsets.UTF_8).length;
            assertThat(built).isEqualTo(EventSize.MAX_EVENT_BYTES - missing);
            assertThat(accumulator.ready(0, false)).isEqualTo(missing < 0 ? 1 : 2);
        }
    }

    private static Record sized(long number, String key, int bytes) {
        return Record.of(Batches.SHARD, SequenceNumber.of(number), key, new byte[bytes], 1_789_809_023_187L);
    }

    private static Record second(Record first, String key, int missing) {
        long room = EventSize.MAX_EVENT_BYTES - missing - SIZE.of(List.of(first, sized(2, key, 0)));
        return sized(2, key + "x".repeat((int) (room % 4)), (int) (room / 4 * 3));
    }

    @Test
    void a_record_that_fits_no_event_goes_alone() {
        BatchAccumulator accumulator = accumulator(Batching.defaults());
        records.read(sized(1, "key", 5 * 1024 * 1024));
        records.read(sized(2, "key", 1));

        assertThat(ready(accumulator, 0)).isEqualTo(1);
        accumulator.taken();
        records.finish(0, 1);
        assertThat(ready(accumulator, 0)).isEqualTo(1);
    }

    @Test
    void a_batch_ends_before_a_record_that_fits_no_event() {
        BatchAccumulator accumulator = accumulator(Batching.defaults());
        read(2);
        records.read(sized(3, "key", 5 * 1024 * 1024));

        assertThat(ready(accumulator, 0)).isEqualTo(2);
        assertThat(accumulator.isFull()).isTrue();
    }
}
