package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.process.HandlerJar;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import io.shardmill.runtime.Isolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A handler of tumbling windows that was built without us, run as deployed code behind a mapping, in both ways. */
class DeployedWindowsTest {

    /** Counts a window's records, and names a broken one, after those before it. */
    private static final String SUMS = """
            package com.acme;
            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import java.nio.charset.StandardCharsets;
            import java.util.*;

            public class Sums implements RequestHandler<KinesisTimeWindowEvent, TimeWindowEventResponse> {
                public TimeWindowEventResponse handleRequest(KinesisTimeWindowEvent event, Context context) {
                    int count = Integer.parseInt(event.getState().getOrDefault("count", "0"));
                    TimeWindowEventResponse response = new TimeWindowEventResponse();
                    response.setBatchItemFailures(new ArrayList<>());
                    for (KinesisEvent.KinesisEventRecord record : event.getRecords()) {
                        String text = StandardCharsets.UTF_8.decode(record.getKinesis().getData()).toString();
                        if (text.equals("broken")) {
                            response.getBatchItemFailures().add(new TimeWindowEventResponse.BatchItemFailure(
                                    record.getKinesis().getSequenceNumber()));
                            break;
                        }
                        count++;
                    }
                    response.setState(Map.of("count", Integer.toString(count)));
                    if (event.getIsFinalInvokeForWindow()) {
                        context.getLogger().log("window " + event.getWindow().getStart() + " final count " + count);
                    }
                    return response;
                }
            }
            """;

    @TempDir
    Path folder;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line.getFormattedMessage());
        }
    };

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void a_windows_state_goes_from_batch_to_batch_and_ends_in_its_final_invocation(Isolation isolation)
            throws IOException {
        Path code = folder.resolve("code");
        HandlerJar.compile("com.acme.Sums", SUMS, code);
        HandlerJar.copyToLib(KinesisTimeWindowEvent.class, code);
        HandlerJar.copyToLib(HandlerJar.joda(), code);
        Logger logger = (Logger) LoggerFactory.getLogger("shardmill.function.sums");
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        try (DeployedFunctions functions = DeployedFunctions.open(folder.resolve("data"));
                RealEngine engine = new RealEngine(4)) {
            functions.create(
                    FunctionConfiguration.of("sums", LambdaRuntime.JAVA17, "com.acme.Sums::handleRequest")
                            .with(isolation),
                    code);
            engine.function("sums", functions.find("sums"));
            FakeStream stream = engine.stream("orders", 1);
            Instant first = Instant.parse("2026-01-01T00:00:00Z");
            for (String text : List.of("1", "2", "3", "broken", "5")) {
                put(stream, text, first.plusSeconds(1));
            }
            put(stream, "6", first.plusSeconds(11));
            engine.start(EventSourceMapping.of("sums", "orders")
                    .with(Batching.defaults().withBatchSize(2).withTumblingWindow(Duration.ofSeconds(10)))
                    .with(FailureHandling.defaults()
                            .withMaximumRetryAttempts(0)
                            .withBisect()
                            .withReportBatchItemFailures()
                            .withDestination("fake")));

            await().atMost(Duration.ofMinutes(1)).until(() -> finals().size() == 2);
            assertThat(finals().get(0)).contains("2026-01-01T00:00:00Z final count 4");
            assertThat(finals().get(1)).contains("2026-01-01T00:00:10Z final count 1");
            assertThat(engine.discarded())
                    .singleElement()
                    .satisfies(discarded -> assertThat(discarded.first().text()).isEqualTo("broken"));
        } finally {
            logger.setLevel(null);
            logger.detachAppender(appender);
        }
    }

    private static void put(FakeStream stream, String text, Instant arrival) {
        stream.put(stream.shardIds().get(0), text, text.getBytes(StandardCharsets.UTF_8), arrival.toEpochMilli());
    }

    private List<String> finals() {
        return lines.stream().filter(line -> line.contains("final count")).toList();
    }
}
