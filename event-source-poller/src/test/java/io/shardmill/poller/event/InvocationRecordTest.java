package io.shardmill.poller.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.DiscardedBatch.Response;
import io.shardmill.poller.testkit.Events;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InvocationRecordTest {

    private static final String NUMBER = "49678482485914992647128486738460559735979993999471542274";
    private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");

    @Test
    void case_74_is_the_recorded_document_to_the_letter() {
        assertThat(InvocationRecord.json(batch(Condition.RETRY_ATTEMPTS_EXHAUSTED, new Response("1", "Unhandled"))))
                .isEqualTo("{\"requestContext\":{\"requestId\":\"99fdb8a9-ebfe-401c-8f28-fc002132a6c9\","
                        + "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:fn:prod\","
                        + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":2},"
                        + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"1\","
                        + "\"functionError\":\"Unhandled\"},"
                        + "\"version\":\"1.0\",\"timestamp\":\"2026-09-19T09:11:52.059Z\","
                        + "\"KinesisBatchInfo\":{\"shardId\":\"shardId-000000000000\","
                        + "\"startSequenceNumber\":\"" + NUMBER + "\",\"endSequenceNumber\":\"" + NUMBER + "\","
                        + "\"approximateArrivalOfFirstRecord\":\"2026-09-19T09:11:14.716Z\","
                        + "\"approximateArrivalOfLastRecord\":\"2026-09-19T09:11:15.000Z\","
                        + "\"batchSize\":2,\"streamArn\":\"" + STREAM + "\"}}");
    }

    @Test
    void a_failure_only_reported_through_batch_item_failures_has_a_null_function_error() {
        assertThat(InvocationRecord.json(batch(Condition.RETRY_ATTEMPTS_EXHAUSTED, new Response("$LATEST", null))))
                .contains("\"responseContext\":"
                        + "{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":null},");
    }

    @Test
    void a_batch_whose_last_outcome_was_no_invocation_has_no_response_context() {
        assertThat(InvocationRecord.json(batch(Condition.RECORD_AGE_EXCEEDED, null)))
                .contains("\"condition\":\"RecordAgeExceeded\"")
                .doesNotContain("responseContext");
    }

    @Test
    void case_76_the_payload_is_a_string_that_parses_to_the_event_and_stands_before_the_timestamp() throws Exception {
        DiscardedBatch batch = batch(Condition.RETRY_ATTEMPTS_EXHAUSTED, new Response("1", "Unhandled"));

        JsonNode document = JsonMapper.shared().readTree(InvocationRecord.jsonWithPayload(batch));

        assertThat(document.propertyNames())
                .containsExactly(
                        "requestContext", "responseContext", "version", "payload", "timestamp", "KinesisBatchInfo");
        assertThat(document.get("payload").isString()).isTrue();
        assertThat(document.get("payload").stringValue())
                .isEqualTo(Events.json(KinesisFormat.of(STREAM), batch.records()));
    }

    @Test
    void a_document_is_one_line_whatever_is_in_the_records() throws Exception {
        assertThat(new String(
                        InvocationRecord.jsonWithPayload(batch(Condition.RECORD_AGE_EXCEEDED, null)),
                        StandardCharsets.UTF_8))
                .doesNotContain("\n", "\r");
    }

    private static DiscardedBatch batch(Condition condition, @Nullable Response response) {
        return new DiscardedBatch(
                new DiscardedBatch.Origin(
                        "m",
                        "99fdb8a9-ebfe-401c-8f28-fc002132a6c9",
                        "arn:aws:lambda:us-east-1:123456789012:function:fn:prod",
                        KinesisFormat.of(STREAM)),
                condition,
                2,
                response,
                List.of(record("2026-09-19T09:11:14.716Z"), record("2026-09-19T09:11:15Z")),
                Instant.parse("2026-09-19T09:11:52.059999Z"));
    }

    private static Record record(String arrival) {
        return Record.of(SHARD, SequenceNumber.parse(NUMBER), "key\n\r\"", "te\nxt", Instant.parse(arrival));
    }
}
