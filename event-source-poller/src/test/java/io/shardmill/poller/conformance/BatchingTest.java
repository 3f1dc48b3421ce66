package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.Events;
import io.shardmill.poller.testkit.ScriptedFunction.Delivery;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spec chapter 14, "Payload and batching": cases 26 to 33. */
class BatchingTest {

    private final World world = new World(1);

    private void put(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(number -> world.stream.put(String.valueOf(number)));
    }

    @Test
    void case_26_ten_records_at_once_are_one_event_in_order_with_ten_digit_arrival_seconds() {
        world.start(world.mapping().with(new StartingPosition.Latest()));
        put(0, 9);
        world.time.settle();

        assertThat(world.function.digits()).containsExactly("0123456789");
        String json = Events.json(
                KinesisFormat.of(world.stream.arn()),
                world.function.deliveries().get(0).invocation().records());
        JsonNode first = JsonMapper.shared().readTree(json).get("Records").get(0);
        assertThat(first.propertyNames())
                .containsExactly(
                        "kinesis",
                        "eventSource",
                        "eventVersion",
                        "eventID",
                        "eventName",
                        "invokeIdentityArn",
                        "awsRegion",
                        "eventSourceARN");
        assertThat(first.get("kinesis").get("data").binaryValue()).isEqualTo(new byte[] {'0'});
        assertThat(json).containsPattern("\"approximateArrivalTimestamp\":[0-9]{10}\\.[0-9]{1,3}}");
        assertThat(first.get("eventSourceARN").stringValue()).isEqualTo(world.stream.arn());
    }

    @Test
    void case_27_trim_horizon_delivers_what_was_put_before_and_after_the_start_in_batches_in_order() {
        put(10, 29);
        world.start(world.mapping().with(Batching.defaults().withBatchSize(10)));
        put(30, 39);
        world.time.settle();

        assertThat(world.function.deliveries())
                .extracting(Delivery::texts)
                .containsExactly(texts(10, 19), texts(20, 29), texts(30, 39));
    }

    private static List<String> texts(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void the_next_batch_is_read_as_soon_as_the_function_returns_not_when_a_checkpoint_is_saved() {
        put(0, 9);
        world.start(world.mapping().with(Batching.defaults().withBatchSize(2)));

        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void case_28_with_factor_1_the_second_batch_starts_when_the_first_has_returned() {
        world.function.takes(invocation -> 5_000);
        put(1, 4);
        world.start(world.mapping().with(Batching.defaults().withBatchSize(2))).advance(Duration.ofSeconds(20));

        assertThat(world.function.digits()).containsExactly("12", "34");
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 5_000L);
        assertThat(world.function.mostRunning()).isEqualTo(1);
    }

    @Test
    void case_29_two_mappings_on_one_stream_both_get_every_record() {
        put(1, 3);
        world.start(world.mapping());
        world.mappings().start(world.mapping("second"), StartOptions.FROM_CHECKPOINTS);
        world.time.settle();

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().mapping() + ":" + delivery.digits())
                .containsExactlyInAnyOrder("orders:123", "second:123");
    }

    @Test
    void case_30_a_full_batch_does_not_wait_for_the_window_and_an_underfilled_one_waits_for_its_end() {
        put(1, 5);
        world.start(world.mapping().with(Batching.defaults().withBatchSize(2).withWindow(Duration.ofSeconds(5))))
                .advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("12", "34", "5");
        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 0L, 5_000L);
    }

    @Test
    void case_30_the_window_of_what_waits_already_begins_when_the_previous_invocation_completes() {
        world.function.takes(invocation -> 2_000);
        put(1, 3);
        world.start(world.mapping().with(Batching.defaults().withBatchSize(2).withWindow(Duration.ofSeconds(5))))
                .advance(Duration.ofSeconds(10));

        assertThat(world.function.startedAfterMillis()).containsExactly(0L, 7_000L);
    }

    @Test
    void case_31_a_single_record_waits_for_the_end_of_its_window() {
        world.start(world.mapping().with(Batching.defaults().withBatchSize(10).withWindow(Duration.ofSeconds(5))))
                .advance(Duration.ofSeconds(3));
        world.stream.put("1");
        world.advance(Duration.ofMillis(4_999));
        assertThat(world.function.digits()).isEmpty();

        world.advance(Duration.ofMillis(1));
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void case_32_without_a_window_a_single_record_does_not_wait() {
        world.start(world.mapping()).advance(Duration.ofSeconds(3));
        world.stream.put("1");
        world.time.settle();

        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void case_33_records_of_two_shards_never_share_an_event() {
        World two = new World(2);
        for (int number = 0; number < 20; number++) {
            two.stream.put(two.stream.shardIds().get(number % 2), "key", String.valueOf(number));
        }
        two.start(two.mapping());

        assertThat(two.function.deliveries())
                .hasSize(2)
                .allSatisfy(delivery -> assertThat(delivery.invocation().records())
                        .hasSize(10)
                        .allMatch(record ->
                                record.shard().equals(delivery.invocation().shard())));
    }
}
