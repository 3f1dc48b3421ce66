package io.shardmill.lambda.injvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.lambda.LambdaFunctionException;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction.Reporting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Compiled handlers that know nothing of Shardmill, each in a class loader of its own. */
class HandlerJarFunctionTest {

    /** Reports the record that the version says, and shows what it sees. */
    private static final String HANDLER = """
            public class Orders implements RequestHandler<KinesisEvent, StreamsEventResponse> {

                private int running;
                public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
                    if (++running > 1) {
                        throw new IllegalStateException("this object is used by two invocations at once");
                    }
                    try {
                        String text = StandardCharsets.UTF_8.decode(
                                event.getRecords().get(0).getKinesis().getData()).toString();
                        if (text.startsWith("see ")) {
                            Class.forName(text.substring(4));
                        }
                        if (text.startsWith("throw")) {
                            throw new IllegalArgumentException(text);
                        }
                        if (text.equals("loader")) {
                            if (Thread.currentThread().getContextClassLoader() != getClass().getClassLoader()) {
                                throw new IllegalStateException("wrong context class loader");
                            }
                        }
                        if (text.equals("log")) {
                            LambdaRuntime.getLogger().log("said by " + context.getFunctionName() + "\\n");
                        }
                        System.getProperties().put("io.shardmill.test.loader", getClass().getClassLoader());
                        Object gate = System.getProperties().get(text);
                        if (gate instanceof java.util.concurrent.CyclicBarrier) {
                            ((java.util.concurrent.CyclicBarrier) gate).await();
                            ((java.util.concurrent.CyclicBarrier) gate).await();
                            new Late();
                        }
                        return new StreamsEventResponse(
                                List.of(new StreamsEventResponse.BatchItemFailure("VERSION")));
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure.toString(), failure);
                    } finally {
                        running--;
                    }
                }
                /** Loaded when it is first used. */
                static class Late {}
            }
            """;

    private static final String LOADER = "io.shardmill.test.loader";
    private static final String GATE = "io.shardmill.test.gate";

    @TempDir
    private Path folder;

    @TempDir
    private static Path versions;

    private static Path version1;
    private static Path version2;

    @BeforeAll
    static void compile() throws IOException {
        version1 = compiled(1).folder();
        version2 = compiled(2).folder();
    }

    private static CompiledCode compiled(int version) throws IOException {
        return CompiledCode.of(
                Files.createDirectory(versions.resolve("version-" + version)),
                HANDLER.replace("VERSION", "" + version));
    }

    private static HandlerJarFunction open(Path code) {
        return HandlerJars.open(code, "com.acme.Orders");
    }

    private static Result version(int version) {
        return new Result.FailedRecords(List.of(SequenceNumber.of(version)));
    }

    @AfterEach
    void forget() {
        System.getProperties().remove(GATE);
        System.getProperties().remove(LOADER);
    }

    @Test
    void classes_in_a_folder_run_with_the_jars_in_lib() throws Exception {
        try (HandlerJarFunction function = open(version1)) {
            assertThat(Invocations.invoke(function, "a").result()).isEqualTo(version(1));
            assertThat(function.reporting()).isEqualTo(Reporting.BY_SEQUENCE_NUMBER);
            assertThat(function.reportsItemFailures()).isFalse();
        }
    }

    @Test
    void awss_serializer_finds_its_data_and_has_nothing_to_complain_of() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
        try (HandlerJarFunction function = open(version1)) {
            Invocations.invoke(function, "a");
        } finally {
            System.setErr(before);
        }
        assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void functions_with_copies_of_their_own_of_the_event_classes_dont_meet() throws Exception {
        try (HandlerJarFunction first = open(version1);
                HandlerJarFunction second = open(version2)) {
            assertThat(Invocations.invoke(first, "a").result()).isEqualTo(version(1));
            assertThat(Invocations.invoke(second, "a").result()).isEqualTo(version(2));
            assertThat(Invocations.invoke(first, "a").result()).isEqualTo(version(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.shardmill.function.Record",
                "io.shardmill.lambda.injvm.HandlerJarFunction",
                "tools.jackson.databind.json.JsonMapper",
                "org.slf4j.Logger",
                "org.junit.jupiter.api.Test"
            })
    void nothing_of_the_application_is_seen_by_a_handler(String name) throws Exception {
        try (HandlerJarFunction function = open(version1)) {
            assertThatThrownBy(() -> Invocations.invoke(function, "see " + name))
                    .hasMessage("java.lang.IllegalStateException: java.lang.ClassNotFoundException: " + name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.net.http.HttpClient",
                "java.sql.Connection",
                "com.amazonaws.services.lambda.runtime.Context",
                "com.amazonaws.services.lambda.runtime.logging.LogLevel",
                "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                "com.amazonaws.services.lambda.runtime.events.KinesisEvent",
                "org.joda.time.DateTime"
            })
    void what_it_sees_on_lambda_is_seen_by_a_handler(String name) throws Exception {
        try (HandlerJarFunction function = open(version1)) {
            assertThat(Invocations.invoke(function, "see " + name).result()).isEqualTo(version(1));
        }
    }

    @Test
    void the_threads_class_loader_is_the_codes_during_the_call_and_what_it_was_after_it() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (HandlerJarFunction function = open(version1)) {
            assertThat(Invocations.invoke(function, "loader").result()).isEqualTo(version(1));
            assertThatThrownBy(() -> Invocations.invoke(function, "throw"))
                    .isExactlyInstanceOf(LambdaFunctionException.class)
                    .hasMessage("java.lang.IllegalArgumentException: throw");
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void the_static_logger_of_a_handlers_core_library_reaches_the_applications_log() throws Exception {
        LambdaLogger applications = LambdaRuntime.getLogger();
        Logger logger = (Logger) LoggerFactory.getLogger("shardmill.function.orders");
        logger.setLevel(Level.INFO);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try (HandlerJarFunction function = open(version1)) {
            Invocations.invoke(function, "log");
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("said by orders");
        assertThat(LambdaRuntime.getLogger()).isSameAs(applications);
    }

    @Test
    void a_serializer_of_the_handlers_own_replaces_awss() throws Exception {
        Path code = CompiledCode.of(folder, """
                        public class Own implements CustomPojoSerializer {
                            @SuppressWarnings("unchecked")
                            public <T> T fromJson(InputStream input, java.lang.reflect.Type type) {
                                return (T) (type.getTypeName() + " by Own");
                            }
                            public <T> T fromJson(String input, java.lang.reflect.Type type) { return null; }
                            public <T> void toJson(T value, OutputStream output, java.lang.reflect.Type type) {
                                new PrintStream(output, true).print(
                                        "{\\"batchItemFailures\\":[{\\"itemIdentifier\\":\\"" + value + "\\"}]}");
                            }
                        }
                        """, """
                        public class Orders implements RequestHandler<String, Integer> {
                            public Integer handleRequest(String event, Context context) {
                                if (!event.equals("java.lang.String by Own")) {
                                    throw new IllegalArgumentException(event);
                                }
                                return 5;
                            }
                        }
                        """).folder();
        Path services = Files.createDirectories(code.resolve("META-INF/services"));
        Path service = services.resolve("com.amazonaws.services.lambda.runtime.CustomPojoSerializer");
        Files.writeString(service, "com.acme.Own\n");
        try (HandlerJarFunction function = open(code)) {
            assertThat(Invocations.invoke(function, "a").result()).isEqualTo(version(5));
        }
    }

    @Test
    void invocations_that_run_at_once_have_handler_objects_of_their_own() throws Exception {
        try (HandlerJarFunction function = open(version1)) {
            Gate gate = new Gate(2);
            CompletableFuture<Answer> first = async(function);
            CompletableFuture<Answer> second = async(function);
            gate.pass();
            gate.pass();
            assertThat(first.join().result()).isEqualTo(version(1));
            assertThat(second.join().result()).isEqualTo(version(1));
        }
    }

    @Test
    void code_can_load_what_it_had_not_needed_before_until_it_is_closed() throws Exception {
        HandlerJarFunction function = open(version1);
        Gate gate = new Gate(1);
        CompletableFuture<Answer> running = async(function);
        gate.pass();
        gate.pass();
        assertThat(running.join().result()).isEqualTo(version(1));
        ClassLoader loader = (ClassLoader) System.getProperties().get(LOADER);
        assertThat(loader.getResource("com/acme/Orders.class")).isNotNull();
        function.close();
        assertThat(loader.getResource("com/acme/Orders.class")).isNull();
    }

    @Test
    void code_that_is_not_there_is_named() {
        assertThatThrownBy(() -> HandlerJars.open(version1, "com.acme.Nope"))
                .isInstanceOf(HandlerInitException.class)
                .hasMessage("Class not found: com.acme.Nope");
        assertThatThrownBy(() -> open(folder.resolve("nowhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("nowhere", "does not exist");
    }

    private static CompletableFuture<Answer> async(HandlerJarFunction function) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        answer.complete(Invocations.invoke(function, GATE));
                    } catch (Throwable failure) {
                        answer.completeExceptionally(failure);
                    }
                })
                .start();
        return answer;
    }

    /** Where invocations wait twice: once all run, and until the test lets them go. */
    private static final class Gate {
        private final CyclicBarrier barrier;

        Gate(int invocations) {
            barrier = new CyclicBarrier(invocations + 1);
            System.getProperties().put(GATE, barrier);
        }

        void pass() throws Exception {
            barrier.await(1, TimeUnit.MINUTES);
        }
    }
}
