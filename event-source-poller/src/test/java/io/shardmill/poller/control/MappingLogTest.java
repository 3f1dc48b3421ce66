package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Response;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.DescribedFault;
import io.shardmill.runtime.FaultText;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MappingLogTest {

    private static final Shard SHARD = new Shard("orders", "shard");
    private static final InvocationOutcome REFUSED = InvocationOutcome.Failure.notInvoked("throttled");

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.shardmill.mapping");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final MappingLog log =
            new MappingLog(EventSourceMapping.of("orders", "orders"), FaultText.WITHOUT_PAYLOADS);

    @BeforeEach
    void open() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
    }

    private static BatchAttempt attempt(int lane, InvocationOutcome outcome) {
        return new BatchAttempt(
                SHARD, lane, new Invocation.Attempt("request", 1), 10, outcome, Instant.EPOCH, Instant.EPOCH);
    }

    private List<String> warnings() {
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void the_first_refusal_of_a_batch_is_a_warning_with_its_reason_and_the_others_are_not() {
        for (int count = 0; count < 5; count++) {
            log.attempted(attempt(0, REFUSED));
        }
        assertThat(warnings()).singleElement().asString().contains("lane 0").contains("throttled");
        log.attempted(attempt(1, REFUSED));
        log.attempted(attempt(0, new InvocationOutcome.Succeeded()));
        assertThat(warnings()).hasSize(2);
        log.attempted(attempt(0, REFUSED));

        assertThat(warnings()).hasSize(3);
    }

    @Test
    void a_thrown_exception_is_one_line_with_its_class_and_the_functions_line_and_no_message() {
        IllegalStateException secret = new IllegalStateException("alice@example.org");
        secret.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("java.lang.Integer", "parseInt", "Integer.java", 600),
            new StackTraceElement("com.acme.Orders", "store", "Orders.java", 42),
            new StackTraceElement("io.shardmill.runtime.BatchFunction", "invoke", "BatchFunction.java", 24),
            new StackTraceElement("io.shardmill.runtime.WatchedFunction", "invoke", "WatchedFunction.java", 18)
        });
        log.attempted(attempt(0, InvocationOutcome.Failure.threw(secret)));

        assertThat(warnings())
                .containsExactly("orders orders/shard lane 0: attempt 1 of a batch of 10 failed (requestId request):"
                        + " java.lang.IllegalStateException at com.acme.Orders.store(Orders.java:42)"
                        + "\n\tat java.lang.Integer.parseInt(Integer.java:600)"
                        + "\n\tat com.acme.Orders.store(Orders.java:42)");
        assertThat(appender.list)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
    }

    @Test
    void endless_retries_are_logged_at_growing_distance_with_when_they_began() {
        World world = new World(1).with(log);
        world.function.throwsOn("1");
        Instant begin = world.time.instant();
        world.stream.put("1");
        world.start(world.mapping().with(FailureHandling.defaults())).advance(Duration.ofDays(1));

        assertThat(world.function.digits()).hasSizeGreaterThan(1_400);
        assertThat(warnings())
                .extracting(line -> line.replaceAll(".*: attempt ([0-9]+) of .*", "$1")
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .containsExactly("1", "2", "5", "10", "20", "50", "100", "200", "500", "1000");
        String first = warnings().get(1).replaceAll("(?s).*failing since ([^ ]+) .*", "$1");
        assertThat(Instant.parse(first)).isBetween(begin, begin.plusSeconds(10));
        assertThat(warnings().subList(1, 10))
                .allSatisfy(line -> assertThat(line).contains("failed, failing since " + first + " (requestId "));
    }

    @Test
    void a_batch_that_failed_before_a_restart_is_news_again_after_it() {
        World world = new World(1).with(log);
        world.function.throwsOn("1");
        world.stream.put("1");
        EventSourceMapping mapping = world.mapping().with(FailureHandling.defaults());
        world.start(mapping).advance(Duration.ofHours(1));
        int before = warnings().size();
        world.restart(mapping).advance(Duration.ofMinutes(2));

        assertThat(warnings().get(before))
                .matches("(?s).*: attempt [0-9]{2} of a batch of 1 failed \\(requestId .*")
                .contains("\n\tat ");
    }

    @Test
    void retries_that_are_not_logged_as_warnings_are_logged_at_debug() {
        logger.setLevel(Level.DEBUG);
        InvocationOutcome failed = InvocationOutcome.Failure.timedOut(3_000);
        log.attempted(new BatchAttempt(
                SHARD,
                0,
                new Invocation.Attempt("request", 3),
                10,
                failed,
                Instant.EPOCH.plusSeconds(1),
                Instant.EPOCH));
        logger.setLevel(null);

        assertThat(appender.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel() + " " + event.getFormattedMessage())
                        .isEqualTo("DEBUG orders orders/shard lane 0: attempt 3 of a batch of 10 failed, failing since"
                                + " 1970-01-01T00:00:00Z (requestId request): timed out after 3000 ms"));
    }

    private static DiscardedBatch discarded(@Nullable Response last) {
        return new DiscardedBatch(
                new DiscardedBatch.Origin("orders", "request", "arn", KinesisFormat.of("arn:aws:kinesis:r:0:stream/s")),
                new DiscardedBatch.Place(SHARD, null),
                DiscardedBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED,
                1,
                last,
                List.of(),
                Instant.EPOCH);
    }

    @Test
    void what_is_given_up_is_logged_with_what_went_wrong_at_last() {
        log.dropped(discarded(new Response("$LATEST", "Unhandled", "timed out after 3000 ms")));
        log.delivered(discarded(new Response("$LATEST", null, "reported batch item failures from record 0")));
        log.dropped(discarded(null));

        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        dropped -> assertThat(dropped)
                                .contains("given up after 1 attempt (requestId request)")
                                .endsWith("; the last attempt: timed out after 3000 ms"),
                        sent -> assertThat(sent)
                                .endsWith("; the last attempt: reported batch item failures from record 0"),
                        neverInvoked -> assertThat(neverInvoked).endsWith("has no on-failure destination"));
    }

    @Test
    void a_destinations_refusal_is_logged_without_its_message() {
        log.destinationRefused(discarded(null), new IllegalStateException("alice@example.org"));

        assertThat(appender.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains("java.lang.IllegalStateException at")
                        .doesNotContain("alice"));
    }

    /** A refusal that knows what it is. */
    private static final class Refusal extends Exception implements DescribedFault {

        private static final long serialVersionUID = 1;

        @Override
        public String describe(boolean showsPayloads) {
            return "2 of 3 records can't be written: offsets 1, 3: no key; the others were written";
        }
    }

    @Test
    void a_refusal_that_describes_itself_says_what_of_the_batch_is_dropped() {
        log.destinationRefused(discarded(null), new Refusal());

        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("orders: the final invocation of null of orders/shard given up after 1 attempt (requestId")
                .endsWith("; what the on-failure destination refused is dropped:"
                        + " 2 of 3 records can't be written: offsets 1, 3: no key; the others were written");
    }
}
