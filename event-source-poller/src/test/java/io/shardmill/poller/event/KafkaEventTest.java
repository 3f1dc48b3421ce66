package io.shardmill.poller.event;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.poller.testkit.Events;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaEventTest {

    private static final String CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/sales/abcd1234-1";
    private static final String TOPIC = "arn:aws:kafka:us-east-1:123456789012:topic/sales/abcd1234-1/orders";
    private static final KafkaFormat MSK = new KafkaFormat(TOPIC, "b-1:9092,b-2:9092", CLUSTER);
    private static final KafkaFormat SELF_MANAGED = new KafkaFormat(TOPIC, "b-1:9092", null);
    private static final Window WINDOW = new Window(
            Instant.parse("2026-09-17T14:11:10Z"), Instant.parse("2026-09-17T14:11:20Z"), "{\"n\":2}", true, false);

    @Test
    void is_the_documented_event_to_the_letter() {
        assertThat(Events.json(
                        MSK,
                        List.of(KafkaRecords.of(
                                15, bytes("key"), bytes("value"), List.of(header("h", "v1"), header("h", "ë"))))))
                .isEqualTo("{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"" + CLUSTER + "\","
                        + "\"bootstrapServers\":\"b-1:9092,b-2:9092\",\"records\":{\"orders-0\":["
                        + "{\"topic\":\"orders\",\"partition\":0,\"offset\":15,\"timestamp\":1789809023187,"
                        + "\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\",\"value\":\"dmFsdWU=\","
                        + "\"headers\":[{\"h\":[118,49]},{\"h\":[-61,-85]}]}]}}");
    }

    @Test
    void a_self_managed_cluster_has_no_arn_and_another_name() {
        assertThat(Events.json(SELF_MANAGED, List.of()))
                .isEqualTo("{\"eventSource\":\"SelfManagedKafka\",\"bootstrapServers\":\"b-1:9092\",\"records\":{}}");
    }

    @Test
    void what_is_missing_is_left_out_and_what_is_empty_is_not() {
        assertThat(Events.json(SELF_MANAGED, List.of(KafkaRecords.of(0, null, null, List.of(new Header("h", null))))))
                .contains("\"timestampType\":\"CREATE_TIME\",\"headers\":[{}]}");
        assertThat(Events.json(SELF_MANAGED, List.of(KafkaRecords.of(0, null, "v"))))
                .contains("\"timestampType\":\"CREATE_TIME\",\"value\":\"dg==\",\"headers\":[]}");
        assertThat(Events.json(SELF_MANAGED, List.of(KafkaRecords.of(0, "k", null))))
                .contains("\"timestampType\":\"CREATE_TIME\",\"key\":\"aw==\",\"headers\":[]}");
        assertThat(Events.json(
                        SELF_MANAGED, List.of(KafkaRecords.of(0, bytes(""), bytes(""), List.of(header("h", ""))))))
                .contains("\"key\":\"\",\"value\":\"\",\"headers\":[{\"h\":[]}]}");
    }

    @Test
    void a_window_follows_the_records_as_in_events_of_kinesis() {
        assertThat(Events.json(SELF_MANAGED, KafkaRecords.PARTITION, List.of(), WINDOW))
                .isEqualTo("{\"eventSource\":\"SelfManagedKafka\",\"bootstrapServers\":\"b-1:9092\",\"records\":{},"
                        + "\"shardId\":\"orders-0\",\"eventSourceARN\":\"" + TOPIC + "\","
                        + "\"window\":{\"start\":\"2026-09-17T14:11:10Z\",\"end\":\"2026-09-17T14:11:20Z\"},"
                        + "\"state\":{\"n\":2},\"isFinalInvokeForWindow\":true,\"isWindowTerminatedEarly\":false}");
    }

    @Test
    void its_size_is_known_before_it_is_written() {
        var event = MSK.event(KafkaRecords.PARTITION, List.of(KafkaRecords.of(7, "k", "v")), WINDOW);
        assertThat(event.size())
                .isEqualTo(Events.json(MSK, KafkaRecords.PARTITION, List.of(KafkaRecords.of(7, "k", "v")), WINDOW)
                        .length());
    }

    @Test
    void says_nothing_of_its_records_in_a_log() {
        assertThat(MSK.event(KafkaRecords.PARTITION, List.of(KafkaRecords.of(7, "secret", "secret")), WINDOW))
                .hasToString("KafkaEvent[orders/orders-0, 1 records]");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
