package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.internal.LogTail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A function's output in the application's log. */
@Timeout(60)
class FunctionLogTest {

    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger("shardmill.function.f");
    private final Logger everything = (Logger) LoggerFactory.getLogger("io.shardmill");
    private final ListAppender<ILoggingEvent> appended = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing(); // its MDC is that of this moment
            super.append(event);
        }
    };

    @BeforeEach
    void listen() {
        appended.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appended);
        everything.setLevel(Level.TRACE);
        everything.addAppender(appended);
        logger.setAdditive(false);
        everything.setAdditive(false);
    }

    @AfterEach
    void silence() {
        logger.detachAppender(appended);
        everything.detachAppender(appended);
        logger.setLevel(null);
        everything.setLevel(null);
        logger.setAdditive(true);
        everything.setAdditive(true);
    }

    private List<String> messages() {
        return appended.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The function's: those of ours may still come from threads of an earlier test. */
    private List<String> messagesOfTheFunction() {
        return appended.list.stream()
                .filter(line -> line.getLoggerName().startsWith(logger.getName()))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private ILoggingEvent line(String message) {
        return appended.list.stream()
                .filter(line -> line.getFormattedMessage().equals(message))
                .findFirst()
                .orElseThrow();
    }

    private static void print(FunctionLog log, String text) {
        log.output(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length);
    }

    @Test
    void a_line_carries_the_id_of_the_running_request_in_its_text_and_in_the_mdc() {
        FunctionLog log = new FunctionLog("f");
        print(log, "before\nunfinished");
        log.begin("r1");
        print(log, "one\r\ntw");
        print(log, "o é\nlast");
        log.platform("END RequestId: r1");
        log.end();
        print(log, "after\n");
        assertThat(messagesOfTheFunction())
                .containsExactly("before", "unfinished", "r1 one", "r1 two é", "r1 last", "END RequestId: r1", "after");
        assertThat(line("r1 one").getMDCPropertyMap()).containsEntry("requestId", "r1");
        assertThat(line("after").getMDCPropertyMap()).isEmpty();
        assertThat(line("END RequestId: r1").getLoggerName()).isEqualTo("shardmill.function.f.platform");
    }

    @Test
    void what_the_platform_says_of_every_invocation_is_at_debug_and_in_the_tail() {
        FunctionLog log = new FunctionLog("f");
        log.begin("r1");
        log.routine("START RequestId: r1");
        log.platform("Runtime exited");

        assertThat(messagesOfTheFunction()).containsExactly("Runtime exited");
        assertThat(new String(log.end(), UTF_8)).isEqualTo("START RequestId: r1\nRuntime exited\n");
    }

    @Test
    void a_function_that_prints_without_end_is_bounded_in_each_invocation_and_the_log_says_how_much_is_left_out() {
        FunctionLog log = new FunctionLog("f");
        log.begin("r1");
        String line = "x".repeat(1023) + "\n";
        int logged = FunctionLog.MAX_INVOCATION_CHARS / line.length();
        print(log, line.repeat(logged + 3));
        log.end();
        log.begin("r2");
        print(log, "again\n");
        log.end();

        assertThat(messagesOfTheFunction())
                .hasSize(logged + 3)
                .endsWith(
                        "r1 the function has printed more than 1048576 characters in one invocation; the rest is left out"
                                + " of this log",
                        "r1 left out 3 further lines of the function's output",
                        "r2 again");
    }

    @Test
    void lines_are_cut_and_the_tail_is_bounded() {
        FunctionLog log = new FunctionLog("f");
        log.begin("r1");
        print(log, "x".repeat(2 * FunctionLog.MAX_LINE_BYTES + 3));
        assertThat(log.end()).hasSize(LogTail.MAX_BYTES).endsWith((byte) 'x', (byte) '\n');
        assertThat(messagesOfTheFunction().stream().map(String::length).collect(Collectors.toList()))
                .containsExactly(3 + FunctionLog.MAX_LINE_BYTES, 3 + FunctionLog.MAX_LINE_BYTES, 3 + 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "€", "𝄞"})
    void a_line_is_cut_between_characters(String character) {
        FunctionLog log = new FunctionLog("f");
        log.begin("r1");
        print(log, "x" + character.repeat(FunctionLog.MAX_LINE_BYTES) + "\n");
        log.end();

        List<String> lines = messagesOfTheFunction().stream()
                .map(message -> message.substring("r1 ".length()))
                .toList();
        assertThat(String.join("", lines)).isEqualTo("x" + character.repeat(FunctionLog.MAX_LINE_BYTES));
        assertThat(lines)
                .allSatisfy(
                        line -> assertThat(line.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(FunctionLog.MAX_LINE_BYTES));
    }

    @Test
    void what_is_not_utf_8_is_cut_at_the_limit() {
        FunctionLog log = new FunctionLog("f");
        byte[] bytes = new byte[FunctionLog.MAX_LINE_BYTES + 1];
        Arrays.fill(bytes, (byte) 0x80);
        log.output(bytes, 0, bytes.length);
        log.end();
        assertThat(messagesOfTheFunction()).hasSize(2);
    }

    @Test
    void a_line_of_the_greatest_length_is_one_line() {
        FunctionLog log = new FunctionLog("f");
        print(log, "x".repeat(FunctionLog.MAX_LINE_BYTES) + "\nnext\n");
        assertThat(messagesOfTheFunction()).hasSize(2).last().isEqualTo("next");
    }

    @Test
    void an_idle_function_that_is_ended_has_nothing_to_complain_of() throws Exception {
        logger.setLevel(Level.DEBUG);
        try (Functions functions = new Functions(folder)) {
            ProcessFunction function =
                    functions.start(Functions.provided(functions.loop("respond null"), Duration.ofSeconds(40)));
            function.invoke(InvokeRequest.of(new byte[0]));
        }
        assertThat(messagesOfTheFunction()).isNotEmpty().noneMatch(message -> message.contains("curl"));
    }

    @Test
    void payloads_and_variables_are_never_logged_by_us() throws Exception {
        logger.setLevel(Level.DEBUG);
        try (Functions functions = new Functions(folder)) {
            ProcessFunction function = functions.start(Functions.revision(
                    "provided",
                    "h",
                    functions.loop("[ \"$event\" = die-S3CRET ] && exit 1; respond \"$event\"; "),
                    Duration.ofSeconds(40),
                    java.util.Map.of("PASSWORD", "S3CRET")));
            for (String event : new String[] {"S3CRET", "die-S3CRET", "S3CRET"}) {
                function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
            }
        }
        assertThat(messages())
                .anyMatch(message -> message.startsWith("REPORT "))
                .noneMatch(message -> message.contains("S3CRET"));
    }
}
