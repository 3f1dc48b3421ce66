package io.shardmill.lambda.injvm;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent.KafkaEventRecord;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.KafkaFormat;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.CapturedLog;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.poller.testkit.RealEngine;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Window;
import io.shardmill.runtime.arn.AwsScope;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Handlers over AWS's {@code KafkaEvent} (spec 4.3 and 5.5). */
class KafkaHandlerTest {

    private static final FunctionIdentity ORDERS = FunctionIdentity.of("orders", AwsScope.DEFAULT);
    private static final String CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/sales/1";
    private static final KafkaFormat MSK =
            new KafkaFormat("arn:aws:kafka:us-east-1:123456789012:topic/orders", "b-1:9092,b-2:9092", CLUSTER);

    /** Names the first record that can't be processed, as a report of Kafka's records has to. AWS's library has no class for it. */
    private static final class Handler implements RequestHandler<KafkaEvent, Map<String, Object>> {

        final List<KafkaEvent> events = new CopyOnWriteArrayList<>();
        final List<String> processed = new CopyOnWriteArrayList<>();

        @Override
        public Map<String, Object> handleRequest(KafkaEvent event, Context context) {
            events.add(event);
            List<Map<String, Object>> failures = new ArrayList<>();
            event.getRecords().forEach((partition, records) -> {
                for (KafkaEventRecord record : records) {
                    String text = decoded(record.getValue());
                    if ("broken".equals(text)) {
                        failures.add(
                                Map.of("itemIdentifier", Map.of("partition", partition, "offset", record.getOffset())));
                        return;
                    }
                    processed.add(String.valueOf(text));
                }
            });
            return Map.of("batchItemFailures", failures);
        }
    }

    private static @Nullable String decoded(@Nullable String base64) {
        return base64 == null ? null : new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static Answer invoke(Handler handler, List<Record> records, @Nullable Window window) throws Exception {
        return Invocations.invoke(
                LambdaFunction.of(ORDERS, handler),
                Invocations.of(records, window, MSK.event(KafkaRecords.PARTITION, records, window)));
    }

    @Test
    void a_handler_gets_all_that_a_record_has() throws Exception {
        Handler handler = new Handler();
        invoke(
                handler,
                List.of(
                        KafkaRecords.of(
                                15,
                                "schlüssel".getBytes(StandardCharsets.UTF_8),
                                "tee ë".getBytes(StandardCharsets.UTF_8),
                                List.of(header("type", "größe"), header("type", ""), header("none", null))),
                        KafkaRecords.of(16, null, null)),
                null);

        KafkaEvent event = handler.events.get(0);
        assertThat(event.getEventSource()).isEqualTo("aws:kafka");
        assertThat(event.getEventSourceArn()).isEqualTo(CLUSTER);
        assertThat(event.getBootstrapServers()).isEqualTo("b-1:9092,b-2:9092");
        assertThat(event.getRecords()).containsOnlyKeys("orders-0");
        KafkaEventRecord record = event.getRecords().get("orders-0").get(0);
        assertThat(record.getTopic()).isEqualTo("orders");
        assertThat(record.getPartition()).isZero();
        assertThat(record.getOffset()).isEqualTo(15);
        assertThat(record.getTimestamp()).isEqualTo(KafkaRecords.TIMESTAMP);
        assertThat(record.getTimestampType()).isEqualTo("CREATE_TIME");
        assertThat(decoded(record.getKey())).isEqualTo("schlüssel");
        assertThat(decoded(record.getValue())).isEqualTo("tee ë");
        assertThat(record.getHeaders()).hasSize(3);
        assertThat(record.getHeaders().get(0).get("type")).isEqualTo("größe".getBytes(StandardCharsets.UTF_8));
        assertThat(record.getHeaders().get(1).get("type")).isEmpty();
        assertThat(record.getHeaders().get(2)).isEmpty();
        KafkaEventRecord tombstone = event.getRecords().get("orders-0").get(1);
        assertThat(tombstone.getKey()).isNull();
        assertThat(tombstone.getValue()).isNull();
        assertThat(tombstone.getHeaders()).isEmpty();
    }

    @Test
    void a_headers_bytes_come_through_whatever_they_are() throws Exception {
        byte[] all = new byte[256];
        for (int index = 0; index < all.length; index++) {
            all[index] = (byte) index;
        }
        Handler handler = new Handler();
        invoke(handler, List.of(KafkaRecords.of(1, null, null, List.of(new Header("all", all)))), null);

        assertThat(handler.events
                        .get(0)
                        .getRecords()
                        .get("orders-0")
                        .get(0)
                        .getHeaders()
                        .get(0)
                        .get("all"))
                .isEqualTo(all);
    }

    @Test
    void what_a_window_adds_takes_nothing_from_the_event() throws Exception {
        Handler handler = new Handler();
        Instant start = Instant.parse("2026-09-17T14:11:10Z");
        invoke(
                handler,
                List.of(KafkaRecords.of(1, "k", "v")),
                new Window(start, start.plusSeconds(10), "{}", false, false));

        assertThat(handler.events.get(0).getEventSourceArn()).isEqualTo(CLUSTER);
        assertThat(handler.processed).containsExactly("v");
    }

    @Test
    void a_report_names_a_record_by_partition_and_offset() throws Exception {
        Answer answer =
                invoke(new Handler(), List.of(KafkaRecords.of(15, "k", "1"), KafkaRecords.of(16, "k", "broken")), null);

        assertThat(answer.result()).isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(16))));
    }

    @Test
    void a_handler_that_names_the_first_failure_isolates_a_broken_record() {
        Handler handler = new Handler();
        try (RealEngine engine = new RealEngine(4)) {
            FakeStream topic = engine.topic("orders", 1);
            for (String text : List.of("1", "2", "broken", "4", "5")) {
                topic.put(topic.shardIds().get(0), "key", text);
            }
            engine.function("orders", LambdaFunction.of(ORDERS, handler));
            engine.start(EventSourceMapping.of("orders", "orders")
                    .with(FailureHandling.defaults()
                            .withMaximumRetryAttempts(1)
                            .withBisect()
                            .withDestination("fake")
                            .withReportBatchItemFailures()));
            assertThat(engine.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();

            assertThat(engine.discarded().stream()
                            .map(DiscardedBatch::records)
                            .flatMap(List::stream)
                            .map(Record::text))
                    .containsExactly("broken");
        }
        assertThat(handler.processed).containsExactly("1", "2", "4", "5");
        assertThat(handler.events).allSatisfy(event -> {
            assertThat(event.getEventSource()).isEqualTo("SelfManagedKafka");
            assertThat(event.getEventSourceArn()).isNull();
        });
    }

    @Test
    void a_handler_that_can_only_return_strings_is_warned_about_and_its_failed_report_is_explained() {
        RequestHandler<KafkaEvent, StreamsEventResponse> streams = (event, context) ->
                new StreamsEventResponse(List.of(new StreamsEventResponse.BatchItemFailure("orders-0:1")));
        RequestHandler<KafkaEvent, SQSBatchResponse> queues =
                (event, context) -> new SQSBatchResponse(List.of(new SQSBatchResponse.BatchItemFailure("1")));
        String atStart =
                "WARN Mapping 'orders' has function-response-types ReportBatchItemFailures, but the declared return"
                        + " type of function 'orders' names records by strings, which name none of a Kafka topic: every report fails"
                        + " its whole batch. Return a Map of the form {\"batchItemFailures\": [{\"itemIdentifier\": {\"partition\":"
                        + " \"<topic>-<partition>\", \"offset\": <number>}}]}";

        assertThat(warnings(streams, StreamsEventResponse.class, true))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(atStart), KafkaHandlerTest::isReasonOfTheFirstAttempt);
        assertThat(warnings(queues, SQSBatchResponse.class, true))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(atStart), KafkaHandlerTest::isReasonOfTheFirstAttempt);
        assertThat(warnings(streams, StreamsEventResponse.class, false))
                .containsExactly(
                        "WARN Function 'orders' returns which records failed, but"
                                + " mapping 'orders' has no function-response-types ReportBatchItemFailures: any return is a success");
    }

    private static void isReasonOfTheFirstAttempt(String line) {
        assertThat(line)
                .contains("orders-0 lane 0: attempt 1 of a batch of 1 failed")
                .contains(
                        "batchItemFailures[0].itemIdentifier is not a partition and an offset; set it to {\"partition\"");
    }

    /** Returns what is logged of a batch that a handler of this declared type reports. */
    private static List<String> warnings(RequestHandler<KafkaEvent, ?> handler, Type output, boolean reports) {
        FailureHandling rules =
                FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("fake");
        try (CapturedLog log = new CapturedLog("io.shardmill");
                RealEngine engine = new RealEngine(1)) {
            FakeStream topic = engine.topic("orders", 1);
            topic.put(topic.shardIds().get(0), "key", "broken");
            engine.function("orders", LambdaFunction.of(ORDERS, handler, KafkaEvent.class, output));
            engine.start(EventSourceMapping.of("orders", "orders")
                    .with(reports ? rules.withReportBatchItemFailures() : rules));
            assertThat(engine.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();
            return log.lines().stream()
                    .filter(line -> line.startsWith("WARN"))
                    .filter(line -> !line.contains("sent to the on-failure destination"))
                    .toList();
        }
    }
}
