package io.shardmill.poller.event;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.DiscardedBatch.Response;
import io.shardmill.poller.testkit.Events;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KafkaInvocationRecordTest {

    private static final String CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/sales/abcd1234-1";
    private static final String TOPIC = "arn:aws:kafka:us-east-1:123456789012:topic/orders";
    private static final KafkaFormat MSK = new KafkaFormat(TOPIC, "b-1:9092", CLUSTER);
    private static final KafkaFormat SELF_MANAGED = new KafkaFormat(TOPIC, "b-1:9092", null);
    private static final List<Record> RECORDS =
            List.of(KafkaRecords.of(15, "key", "value"), KafkaRecords.of(17, null, null));

    @Test
    void is_the_documented_document() {
        DiscardedBatch batch =
                batch(MSK, Condition.RETRY_ATTEMPTS_EXHAUSTED, new Response("$LATEST", "Unhandled"), RECORDS, null);
        assertThat(InvocationRecord.json(batch))
                .isEqualTo("{\"requestContext\":{\"requestId\":\"99fdb8a9-ebfe-401c-8f28-fc002132a6c9\","
                        + "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:fn\","
                        + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":2},"
                        + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\","
                        + "\"functionError\":\"Unhandled\"},"
                        + "\"version\":\"1.0\",\"timestamp\":\"2026-09-19T09:11:52.059Z\","
                        + "\"KafkaBatchInfo\":{\"batchSize\":2,\"eventSourceArn\":\"" + CLUSTER + "\","
                        + "\"bootstrapServers\":\"b-1:9092\","
                        + "\"payloadSize\":" + Events.json(MSK, RECORDS).length() + ","
                        + "\"recordsInfo\":{\"orders-0\":{\"firstRecordOffset\":\"15\",\"lastRecordOffset\":\"17\","
                        + "\"firstRecordTimestamp\":\"2026-09-19T09:10:23.187Z\","
                        + "\"lastRecordTimestamp\":\"2026-09-19T09:10:23.187Z\"}}}}");
    }

    @Test
    void a_self_managed_cluster_has_no_arn() {
        assertThat(InvocationRecord.json(batch(SELF_MANAGED, Condition.RECORD_AGE_EXCEEDED, null, RECORDS, null)))
                .contains("\"KafkaBatchInfo\":{\"batchSize\":2,\"bootstrapServers\":\"b-1:9092\",")
                .doesNotContain("responseContext");
    }

    @Test
    void of_a_record_that_is_too_large_the_response_is_null() {
        assertThat(InvocationRecord.json(batch(MSK, Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED, null, RECORDS, null)))
                .contains("\"condition\":\"MaximumPayloadSizeExceeded\",\"approximateInvokeCount\":2},"
                        + "\"responseContext\":null,\"version\":\"1.0\"");
    }

    @Test
    void the_payload_for_s3_is_a_string_that_has_key_headers_and_missing_values() throws Exception {
        List<Record> records =
                List.of(KafkaRecords.of(1, "k".getBytes(StandardCharsets.UTF_8), null, List.of(header("h", "ë"))));
        JsonNode document = JsonMapper.shared()
                .readTree(InvocationRecord.jsonWithPayload(
                        batch(MSK, Condition.RETRY_ATTEMPTS_EXHAUSTED, null, records, null)));

        assertThat(document.propertyNames())
                .containsExactly("requestContext", "version", "payload", "timestamp", "KafkaBatchInfo");
        assertThat(document.get("payload").stringValue())
                .isEqualTo(Events.json(MSK, records))
                .contains("\"key\":\"aw==\",\"headers\":[{\"h\":[-61,-85]}]");
    }

    @Test
    void a_windows_final_invocation_names_the_partition_alone() {
        Instant start = Instant.parse("2026-09-17T14:11:10Z");
        Window window = new Window(start, start.plusSeconds(10), "{}", true, false);
        String document = InvocationRecord.json(batch(
                SELF_MANAGED, Condition.RETRY_ATTEMPTS_EXHAUSTED, new Response("$LATEST", null), List.of(), window));
        int size = Events.json(SELF_MANAGED, KafkaRecords.PARTITION, List.of(), window)
                .length();

        assertThat(document)
                .contains("\"KafkaBatchInfo\":{\"batchSize\":0,\"bootstrapServers\":\"b-1:9092\",\"payloadSize\":"
                        + size + ",\"recordsInfo\":{\"orders-0\":{}}},\"timeWindowInfo\":{");
    }

    @Test
    void a_topic_gets_a_document_for_each_record_with_the_event_of_it_alone() {
        DiscardedBatch batch =
                batch(MSK, Condition.RETRY_ATTEMPTS_EXHAUSTED, new Response("$LATEST", "Unhandled"), RECORDS, null);

        assertThat(batch.ofEachRecord())
                .extracting(KafkaInvocationRecordTest::topicDocument)
                .containsExactly(ofTopic("15", RECORDS.get(0)), ofTopic("17", RECORDS.get(1)));
    }

    private static String ofTopic(String offset, Record record) {
        String event = Events.json(MSK, List.of(record));
        return "{\"requestContext\":{\"requestId\":\"99fdb8a9-ebfe-401c-8f28-fc002132a6c9\","
                + "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:fn\","
                + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":2},"
                + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\","
                + "\"functionError\":\"Unhandled\"},"
                + "\"version\":\"1.0\",\"timestamp\":\"2026-09-19T09:11:52.059Z\","
                + "\"KafkaBatchInfo\":{\"batchSize\":1,\"eventSourceArn\":\"" + CLUSTER + "\","
                + "\"bootstrapServers\":\"b-1:9092\",\"payloadSize\":" + event.length() + ","
                + "\"recordInfo\":{\"offset\":\"" + offset + "\",\"timestamp\":\"2026-09-19T09:10:23.187Z\"}},"
                + "\"payload\":" + event + "}";
    }

    @Test
    void a_topic_gets_a_document_without_records_of_a_windows_final_invocation() {
        Instant start = Instant.parse("2026-09-17T14:11:10Z");
        Window window = new Window(start, start.plusSeconds(10), "{}", true, false);
        DiscardedBatch batch = batch(SELF_MANAGED, Condition.RETRY_ATTEMPTS_EXHAUSTED, null, List.of(), window);
        String event = Events.json(SELF_MANAGED, KafkaRecords.PARTITION, List.of(), window);

        assertThat(batch.ofEachRecord())
                .singleElement()
                .extracting(KafkaInvocationRecordTest::topicDocument)
                .asString()
                .contains("\"KafkaBatchInfo\":{\"batchSize\":0,\"bootstrapServers\":\"b-1:9092\",\"payloadSize\":"
                        + event.length() + ",\"recordInfo\":{}},\"timeWindowInfo\":{")
                .endsWith(",\"payload\":" + event + "}");
    }

    private static String topicDocument(DiscardedBatch batch) {
        return new String(KafkaInvocationRecord.json(batch), StandardCharsets.UTF_8);
    }

    private static DiscardedBatch batch(
            KafkaFormat format,
            Condition condition,
            @Nullable Response response,
            List<Record> records,
            @Nullable Window window) {
        return new DiscardedBatch(
                new DiscardedBatch.Origin(
                        "m",
                        "99fdb8a9-ebfe-401c-8f28-fc002132a6c9",
                        "arn:aws:lambda:us-east-1:123456789012:function:fn",
                        format),
                new DiscardedBatch.Place(KafkaRecords.PARTITION, window),
                condition,
                2,
                response,
                records,
                Instant.parse("2026-09-19T09:11:52.059Z"));
    }
}
