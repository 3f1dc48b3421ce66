package io.shardmill.lambda.injvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.TimeWindowEventResponse;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction.Reporting;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Handlers that the application makes itself: spec 4.1, 4.4 and 5, runtime API notes 4.2 to 4.5. */
class LambdaFunctionTest {

    private static final FunctionIdentity ORDERS = FunctionIdentity.of("orders", AwsScope.DEFAULT);

    /** What the handlers below were given last. */
    private final List<Object> given = new ArrayList<>();

    @Test
    void a_stream_handler_gets_the_events_exact_json() throws Exception {
        RequestStreamHandler handler =
                (input, output, context) -> given.add(new String(input.readAllBytes(), StandardCharsets.UTF_8));

        Answer answer = Invocations.invoke(LambdaFunction.of(ORDERS, handler), "{\"id\":7}");

        assertThat(given)
                .containsExactly(
                        "{\"Records\":[{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\",\"partitionKey\":\"key\","
                                + "\"sequenceNumber\":\"100\",\"data\":\"eyJpZCI6N30=\","
                                + "\"approximateArrivalTimestamp\":1789806623.187},\"eventSource\":\"aws:kinesis\","
                                + "\"eventVersion\":\"1.0\",\"eventID\":\"shardId-000000000000:100\","
                                + "\"eventName\":\"aws:kinesis:record\","
                                + "\"invokeIdentityArn\":\"arn:aws:iam::123456789012:role/shardmill\","
                                + "\"awsRegion\":\"us-east-1\","
                                + "\"eventSourceARN\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}]}");
        assertThat(answer.result()).isEqualTo(Result.success());
    }

    /** As AWS's samples have it. */
    private static final class Typed implements RequestHandler<KinesisEvent, StreamsEventResponse> {
        KinesisEvent event = new KinesisEvent();

        @Override
        public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
            this.event = event;
            return StreamsEventResponse.builder()
                    .withBatchItemFailures(List.of(StreamsEventResponse.BatchItemFailure.builder()
                            .withItemIdentifier(
                                    event.getRecords().get(1).getKinesis().getSequenceNumber())
                            .build()))
                    .build();
        }
    }

    @Test
    void an_events_date_keeps_its_milliseconds_and_its_data_are_the_bytes() throws Exception {
        Typed handler = new Typed();

        Answer answer = Invocations.invoke(LambdaFunction.of(ORDERS, handler), "{\"id\":7}", "ü");

        KinesisEvent.KinesisEventRecord record = handler.event.getRecords().get(0);
        assertThat(record.getEventID()).isEqualTo("shardId-000000000000:100");
        assertThat(record.getEventSourceARN()).isEqualTo(Invocations.STREAM_ARN);
        assertThat(record.getKinesis().getPartitionKey()).isEqualTo("key");
        assertThat(record.getKinesis().getKinesisSchemaVersion()).isEqualTo("1.0");
        assertThat(record.getKinesis().getApproximateArrivalTimestamp()).isEqualTo(Date.from(Invocations.ARRIVAL));
        assertThat(StandardCharsets.UTF_8.decode(record.getKinesis().getData()).toString())
                .isEqualTo("{\"id\":7}");
        assertThat(answer.result()).isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(101))));
    }

    @Test
    void every_millisecond_of_a_second_comes_through() throws Exception {
        LambdaFunction function = LambdaFunction.of(
                ORDERS,
                (RequestHandler<KinesisEvent, Void>) (event, context) -> {
                    given.add(event.getRecords().get(0).getKinesis().getApproximateArrivalTimestamp());
                    return null;
                },
                KinesisEvent.class,
                Void.class);
        for (int millis = 0; millis < 1000; millis++) {
            given.clear();
            Instant arrival = Invocations.ARRIVAL.plusMillis(millis);
            Invocations.invoke(
                    function,
                    Invocations.ofEvent(Invocations.json(List.of(io.shardmill.function.Record.of(
                            Invocations.SHARD, SequenceNumber.of(1), "key", "text", arrival)))));
            assertThat(given).containsExactly(Date.from(arrival)); // though AWS reads the seconds as a double
        }
    }

    @Test
    void a_void_handler_succeeds_by_returning() throws Exception {
        class Silent implements RequestHandler<KinesisEvent, Void> {
            @Override
            public Void handleRequest(KinesisEvent event, Context context) {
                given.add(event.getRecords().size());
                return null;
            }
        }
        LambdaFunction function = LambdaFunction.of(ORDERS, new Silent());

        assertThat(Invocations.invoke(function, "1", "2").result()).isEqualTo(Result.success());
        assertThat(given).containsExactly(2);
        assertThat(function.reporting()).isEqualTo(Reporting.NEVER);
        assertThat(function.reportsItemFailures()).isFalse();
    }

    @Test
    void a_map_handler_gets_plain_maps_and_lists() throws Exception {
        class Maps implements RequestHandler<Map<String, Object>, Map<String, Object>> {
            @Override
            public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
                Map<?, ?> record = (Map<?, ?>) ((List<?>) event.get("Records")).get(0);
                Map<?, ?> kinesis = (Map<?, ?>) record.get("kinesis");
                given.add(kinesis.get("data"));
                given.add(kinesis.get("approximateArrivalTimestamp"));
                return Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", kinesis.get("sequenceNumber"))));
            }
        }
        LambdaFunction function = LambdaFunction.of(ORDERS, new Maps());

        assertThat(Invocations.invoke(function, "{\"id\":7}").result())
                .isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(100))));
        assertThat(given).containsExactly("eyJpZCI6N30=", 1789806623.187);
        assertThat(function.reporting()).isEqualTo(Reporting.PERHAPS);
    }

    /** An event of the user's own. */
    public static final class Order {
        private int id;
        private List<String> items = List.of();

        public int getId() {
            return id;
        }

        public void setId(int id) {
            this.id = id;
        }

        public List<String> getItems() {
            return items;
        }

        public void setItems(List<String> items) {
            this.items = items;
        }
    }

    private abstract static class Base<T> implements RequestHandler<T, String> {}

    private abstract static class Middle<A, B> extends Base<B> {}

    @Test
    void a_handlers_types_are_found_through_its_superclasses() throws Exception {
        class Orders extends Middle<Integer, Order> {
            @Override
            public String handleRequest(Order order, Context context) {
                given.add(order.getId() + " " + order.getItems());
                return "";
            }
        }
        LambdaFunction function = LambdaFunction.of(ORDERS, new Orders());

        Answer answer = Invocations.invoke(
                function, Invocations.ofEvent("{\"id\":7,\"items\":[\"tea\"],\"unknown\":{\"ignored\":true}}"));

        assertThat(given).containsExactly("7 [tea]");
        assertThat(answer.result()).isEqualTo(Result.success());
    }

    @Test
    void a_lambda_expression_needs_its_types_told() {
        RequestHandler<KinesisEvent, Void> handler = (event, context) -> null;

        assertThatThrownBy(() -> LambdaFunction.of(ORDERS, handler))
                .isInstanceOf(HandlerInitException.class)
                .hasMessageContaining("does not implement RequestHandler with concrete type parameters");
    }

    @Test
    void what_a_handler_throws_comes_out_as_it_is() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        RequestHandler<KinesisEvent, Void> handler = (event, context) -> {
            throw failure;
        };

        assertThatThrownBy(() ->
                        Invocations.invoke(LambdaFunction.of(ORDERS, handler, KinesisEvent.class, Void.class), "1"))
                .isSameAs(failure);
    }

    @Test
    void an_event_that_does_not_fit_is_lambdas_error_and_its_content_is_not_told() {
        RequestHandler<Order, Void> handler = (event, context) -> null;
        LambdaFunction function = LambdaFunction.of(ORDERS, handler, Order.class, Void.class);

        for (String event : List.of("{\"id\":\"secret\"}", "{\"id\":secret", "")) {
            assertThatThrownBy(() -> Invocations.invoke(function, Invocations.ofEvent(event)))
                    .isExactlyInstanceOf(RuntimeException.class)
                    .hasMessage("An error occurred during JSON parsing")
                    .satisfies(
                            thrown -> assertThat(thrown.getCause()).hasNoCause().hasMessageNotContaining("secret"));
        }
    }

    /** Contains itself. */
    public static final class Loop {
        public Loop getSelf() {
            return this;
        }
    }

    @Test
    void an_answer_that_has_no_json_is_lambdas_error() {
        RequestHandler<KinesisEvent, Object> handler = (event, context) -> new Loop();

        assertThatThrownBy(() ->
                        Invocations.invoke(LambdaFunction.of(ORDERS, handler, KinesisEvent.class, Object.class), "1"))
                .isExactlyInstanceOf(RuntimeException.class)
                .hasMessage("An error occurred during JSON serialization of response");
    }

    @Test
    void a_window_handler_gets_the_window_and_its_state_comes_back() throws Exception {
        class Counting implements RequestHandler<KinesisTimeWindowEvent, TimeWindowEventResponse> {
            @Override
            public TimeWindowEventResponse handleRequest(KinesisTimeWindowEvent event, Context context) {
                given.add(event);
                int count = Integer.parseInt(event.getState().getOrDefault("count", "0"));
                return TimeWindowEventResponse.builder()
                        .withState(
                                Map.of("count", "" + (count + event.getRecords().size())))
                        .build();
            }
        }
        LambdaFunction function = LambdaFunction.of(ORDERS, new Counting());
        Invocation invocation = Invocations.of("1", "2");
        Window window = new Window(
                Instant.parse("2026-09-17T14:11:10Z"),
                Instant.parse("2026-09-17T14:11:20Z"),
                "{\"count\":5}",
                false,
                false);
        String records = Invocations.json(invocation.records());
        String event = records.substring(0, records.length() - 1)
                + ",\"shardId\":\"shardId-000000000000\",\"eventSourceARN\":\"" + Invocations.STREAM_ARN
                + "\",\"window\":{\"start\":\"2026-09-17T14:11:10Z\",\"end\":\"2026-09-17T14:11:20Z\"},"
                + "\"state\":{\"count\":5},\"isFinalInvokeForWindow\":false,\"isWindowTerminatedEarly\":true}";

        Answer answer = Invocations.invoke(
                function,
                Invocations.of(invocation.records(), window, Payload.of(event.getBytes(StandardCharsets.UTF_8))));

        KinesisTimeWindowEvent seen = (KinesisTimeWindowEvent) given.get(0);
        assertThat(seen.getRecords()).hasSize(2);
        assertThat(seen.getShardId()).isEqualTo("shardId-000000000000");
        assertThat(seen.getEventSourceArn()).isEqualTo(Invocations.STREAM_ARN);
        assertThat(seen.getWindow().getStart()).isEqualTo("2026-09-17T14:11:10Z");
        assertThat(seen.getWindow().getEnd()).isEqualTo("2026-09-17T14:11:20Z");
        assertThat(seen.getState()).isEqualTo(Map.of("count", "5"));
        assertThat(seen.getIsFinalInvokeForWindow()).isFalse();
        assertThat(seen.getIsWindowTerminatedEarly()).isTrue();
        assertThat(seen.getRecords().get(0).getKinesis().getApproximateArrivalTimestamp())
                .isEqualTo(Date.from(Invocations.ARRIVAL));
        assertThat(answer).isEqualTo(new Answer(Result.success(), "{\"count\":\"7\"}"));
        assertThat(function.reporting()).isEqualTo(Reporting.PERHAPS);
    }

    @Test
    void the_context_is_complete() throws Exception {
        RequestStreamHandler handler = (input, output, context) -> given.add(context);

        Invocations.invoke(LambdaFunction.of(ORDERS, handler), "1");

        Context context = (Context) given.get(0);
        assertThat(context.getAwsRequestId()).isEqualTo("8b2c3a4e-0000-4000-8000-000000000001");
        assertThat(context.getFunctionName()).isEqualTo("orders");
        assertThat(context.getFunctionVersion()).isEqualTo("$LATEST");
        assertThat(context.getInvokedFunctionArn()).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:orders");
        assertThat(context.getMemoryLimitInMB()).isEqualTo(ORDERS.memoryLimitMegabytes());
        assertThat(context.getLogGroupName()).isEqualTo("/aws/lambda/orders");
        assertThat(context.getLogStreamName()).matches("\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}");
        assertThat(context.getRemainingTimeInMillis()).isEqualTo(29_750);
        assertThat(context.getIdentity()).isNull();
        assertThat(context.getClientContext()).isNull();
        assertThat(context.getTenantId()).isNull();
        assertThat(context.getXrayTraceId()).isNull();
    }

    @Test
    void the_contexts_logger_writes_to_the_applications_log_under_the_functions_name() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("shardmill.function.orders");
        logger.setLevel(Level.TRACE);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        RequestStreamHandler handler = (input, output, context) -> {
            context.getLogger().log("plain {}\n");
            context.getLogger().log("bytes ü".getBytes(StandardCharsets.UTF_8));
            for (LogLevel level : LogLevel.values()) {
                context.getLogger().log("at " + level, level);
            }
        };
        try {
            Invocations.invoke(LambdaFunction.of(ORDERS, handler), "1");
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list.stream().map(line -> line.getLevel() + " " + line.getFormattedMessage()))
                .containsExactly(
                        "INFO plain {}",
                        "INFO bytes ü",
                        "INFO at UNDEFINED",
                        "TRACE at TRACE",
                        "DEBUG at DEBUG",
                        "INFO at INFO",
                        "WARN at WARN",
                        "ERROR at ERROR",
                        "ERROR at FATAL");
    }

    @Test
    void the_event_is_built_once() throws Exception {
        AtomicInteger built = new AtomicInteger();
        Invocation invocation = Invocations.of(List.of(), null, new Payload() {

            private final byte[] event = "{\"Records\":[]}".getBytes(StandardCharsets.UTF_8);

            @Override
            public int size() {
                return event.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                built.incrementAndGet();
                out.write(event);
            }
        });

        RequestStreamHandler stream = (input, output, context) -> input.readAllBytes();
        RequestHandler<KinesisEvent, Void> typed = (event, context) -> null;
        Invocations.invoke(LambdaFunction.of(ORDERS, stream), invocation);
        assertThat(built).hasValue(1);
        Invocations.invoke(LambdaFunction.of(ORDERS, typed, KinesisEvent.class, Void.class), invocation);
        assertThat(built).hasValue(2);
    }
}
