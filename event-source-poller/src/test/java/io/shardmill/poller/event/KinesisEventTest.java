package io.shardmill.poller.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.testkit.Events;
import io.shardmill.runtime.Window;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KinesisEventTest {

    private static final String NUMBER = "49678482485914992647128486738460559735979993999471542274";
    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    private static final KinesisFormat ORIGIN = new KinesisFormat(
            "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
            "us-east-1",
            "arn:aws:iam::123456789012:role/fn-role");

    @Test
    void is_the_recorded_event_to_the_letter() {
        assertThat(Events.json(ORIGIN, List.of(record("order-7", "{\"id\":7}", 1_789_809_023_187L))))
                .isEqualTo("{\"Records\":["
                        + "{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\",\"partitionKey\":\"order-7\","
                        + "\"sequenceNumber\":\"" + NUMBER + "\","
                        + "\"data\":\"eyJpZCI6N30=\",\"approximateArrivalTimestamp\":1789809023.187},"
                        + "\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\","
                        + "\"eventID\":\"shardId-000000000000:" + NUMBER + "\","
                        + "\"eventName\":\"aws:kinesis:record\","
                        + "\"invokeIdentityArn\":\"arn:aws:iam::123456789012:role/fn-role\","
                        + "\"awsRegion\":\"us-east-1\","
                        + "\"eventSourceARN\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}]}");
    }

    @Test
    void times_are_seconds_with_up_to_three_decimals() {
        assertThat(List.of(
                        EventTexts.epochSeconds(1_789_809_023_000L),
                        EventTexts.epochSeconds(1_789_809_023_500L),
                        EventTexts.epochSeconds(1_789_809_023_050L),
                        EventTexts.epochSeconds(1_789_809_023_001L),
                        EventTexts.epochSeconds(0)))
                .containsExactly("1789809023.0", "1789809023.5", "1789809023.05", "1789809023.001", "0.0");
    }

    @Test
    void a_record_that_was_unpacked_shows_the_number_of_the_record_it_came_in() {
        Record inner =
                Record.of(SHARD, SequenceNumber.parse(NUMBER).withSubSequence(5), "k", "x", Instant.ofEpochSecond(1));
        assertThat(Events.json(ORIGIN, List.of(inner)))
                .contains(
                        "\"sequenceNumber\":\"" + NUMBER + "\"", "\"eventID\":\"shardId-000000000000:" + NUMBER + "\"");
    }

    @Test
    void no_records_are_an_empty_list() {
        assertThat(Events.json(ORIGIN, List.of())).isEqualTo("{\"Records\":[]}");
    }

    @Test
    void a_window_follows_the_records_in_the_recorded_order() {
        Window window = new Window(
                Instant.parse("2026-09-17T14:11:10Z"),
                Instant.parse("2026-09-17T14:11:20Z"),
                "{\"count\":2}",
                false,
                false);
        assertThat(Events.json(ORIGIN, SHARD, List.of(), window))
                .isEqualTo("{\"Records\":[],\"shardId\":\"shardId-000000000000\","
                        + "\"eventSourceARN\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\","
                        + "\"window\":{\"start\":\"2026-09-17T14:11:10Z\",\"end\":\"2026-09-17T14:11:20Z\"},"
                        + "\"state\":{\"count\":2},\"isFinalInvokeForWindow\":false,"
                        + "\"isWindowTerminatedEarly\":false}");
        assertThat(Events.json(ORIGIN, SHARD, List.of(), null)).isEqualTo("{\"Records\":[]}");
    }

    @Test
    void the_origin_follows_from_the_streams_arn() {
        assertThat(KinesisFormat.of("arn:aws:kinesis:eu-west-1:42:stream/a:b"))
                .isEqualTo(new KinesisFormat(
                        "arn:aws:kinesis:eu-west-1:42:stream/a:b", "eu-west-1", "arn:aws:iam::42:role/shardmill"));
        assertThatThrownBy(() -> KinesisFormat.of("orders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'orders'")
                .hasMessageContaining("arn:aws:kinesis:<region>");
    }

    private static Record record(String key, String text, long millis) {
        return Record.of(SHARD, SequenceNumber.parse(NUMBER), key, text, Instant.ofEpochMilli(millis));
    }
}
