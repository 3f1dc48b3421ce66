package io.shardmill.lambda.injvm;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import io.shardmill.function.Record;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import io.shardmill.runtime.arn.AwsScope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Lambda handlers behind a mapping: what they answer counts as on Lambda (spec 5). */
class LambdaBatchesTest {

    private static final FunctionIdentity ORDERS = FunctionIdentity.of("orders", AwsScope.DEFAULT);
    private static final FailureHandling ISOLATE =
            FailureHandling.defaults().withMaximumRetryAttempts(1).withBisect().withDestination("fake");

    private final RealEngine engine = new RealEngine(4);

    @AfterEach
    void close() {
        engine.close();
    }

    /** In the style of AWS's Java samples: stops at the first record that fails and names it. */
    private static final class Sample implements RequestHandler<KinesisEvent, StreamsEventResponse> {

        final List<String> processed = new CopyOnWriteArrayList<>();

        @Override
        public StreamsEventResponse handleRequest(KinesisEvent input, Context context) {
            for (KinesisEventRecord record : input.getRecords()) {
                try {
                    process(StandardCharsets.UTF_8
                            .decode(record.getKinesis().getData())
                            .toString());
                } catch (RuntimeException failure) {
                    return new StreamsEventResponse(List.of(new StreamsEventResponse.BatchItemFailure(
                            record.getKinesis().getSequenceNumber())));
                }
            }
            return new StreamsEventResponse(List.of());
        }

        private void process(String text) {
            if (text.equals("broken")) {
                throw new IllegalArgumentException(text);
            }
            processed.add(text);
        }
    }

    private void start(FailureHandling rules, String... texts) {
        FakeStream stream = engine.stream("orders", 1);
        for (String text : texts) {
            stream.put(text);
        }
        engine.start(EventSourceMapping.of("orders", "orders").with(rules));
        assertThat(engine.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();
    }

    private List<String> isolated() {
        return engine.discarded().stream()
                .map(DiscardedBatch::records)
                .flatMap(List::stream)
                .map(Record::text)
                .toList();
    }

    @Test
    void a_handler_that_names_the_first_failure_isolates_a_broken_record() {
        Sample handler = new Sample();
        engine.function("orders", LambdaFunction.of(ORDERS, handler));

        start(ISOLATE.withReportBatchItemFailures(), "1", "2", "broken", "4", "5");

        assertThat(isolated()).containsExactly("broken");
        assertThat(handler.processed).containsExactly("1", "2", "4", "5");
    }

    @Test
    void a_report_that_the_mapping_did_not_ask_for_is_ignored() {
        Sample handler = new Sample();
        engine.function("orders", LambdaFunction.of(ORDERS, handler));

        start(ISOLATE, "1", "broken", "3");

        assertThat(engine.discarded()).isEmpty();
        assertThat(handler.processed).containsExactly("1");
    }

    @Test
    void a_handler_and_a_mapping_that_disagree_about_reports_are_warned_about() {
        RequestHandler<KinesisEvent, Void> silent = (event, context) -> null;
        RequestStreamHandler unknown = (input, output, context) -> {};
        LambdaFunction sample = LambdaFunction.of(ORDERS, new Sample());
        LambdaFunction nothing = LambdaFunction.of(ORDERS, silent, KinesisEvent.class, Void.class);
        LambdaFunction bytes = LambdaFunction.of(ORDERS, unknown);

        assertThat(warnings(sample, ISOLATE))
                .containsExactly(
                        "Function 'orders' returns which records failed, but"
                                + " mapping 'orders' has no function-response-types ReportBatchItemFailures: any return is a success");
        assertThat(warnings(nothing, ISOLATE.withReportBatchItemFailures()))
                .singleElement()
                .asString()
                .contains("declared return type of function 'orders' can't name failed records");
        assertThat(warnings(sample, ISOLATE.withReportBatchItemFailures())).isEmpty();
        assertThat(warnings(nothing, ISOLATE)).isEmpty();
        assertThat(warnings(bytes, ISOLATE)).isEmpty();
        assertThat(warnings(bytes, ISOLATE.withReportBatchItemFailures())).isEmpty();
    }

    private static List<String> warnings(LambdaFunction function, FailureHandling rules) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.shardmill.poller.control");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try (RealEngine engine = new RealEngine(1)) {
            engine.stream("orders", 1);
            engine.function("orders", function)
                    .start(EventSourceMapping.of("orders", "orders").with(rules));
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void a_handler_that_throws_fails_the_batch() {
        RequestHandler<KinesisEvent, Void> handler = (event, context) -> {
            for (KinesisEventRecord record : event.getRecords()) {
                if (record.getKinesis().getData().remaining() == "broken".length()) {
                    throw new IllegalArgumentException("broken");
                }
            }
            return null;
        };
        engine.function("orders", LambdaFunction.of(ORDERS, handler, KinesisEvent.class, Void.class));

        start(ISOLATE, "1", "2", "broken", "4", "5");

        assertThat(isolated()).containsExactly("broken");
        assertThat(engine.discarded().get(0).response().functionError()).isEqualTo("Unhandled");
    }

    @Test
    void a_handler_jar_built_without_shardmill_isolates_a_broken_record(@TempDir Path folder) throws Exception {
        Path code = CompiledCode.of(folder, """
                        public class Orders implements RequestHandler<KinesisEvent, StreamsEventResponse> {
                            public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
                                for (KinesisEvent.KinesisEventRecord record : event.getRecords()) {
                                    String text = StandardCharsets.UTF_8.decode(
                                            record.getKinesis().getData()).toString();
                                    if (text.equals("broken")) {
                                        return new StreamsEventResponse(
                                                List.of(new StreamsEventResponse.BatchItemFailure(
                                                        record.getKinesis().getSequenceNumber())));
                                    }
                                }
                                return new StreamsEventResponse();
                            }
                        }
                        """).folder();
        try (HandlerJarFunction function = HandlerJars.open(code, "com.acme.Orders::handleRequest")) {
            engine.function("orders", function);

            start(ISOLATE.withReportBatchItemFailures(), "1", "2", "broken", "4", "5");

            assertThat(isolated()).containsExactly("broken");
        }
    }
}
