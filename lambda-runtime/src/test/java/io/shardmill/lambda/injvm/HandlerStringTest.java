package io.shardmill.lambda.injvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler string names and what Lambda says if it names nothing (runtime API notes 4.2 and 4.3). */
class HandlerStringTest {

    @TempDir
    private static Path folder;

    /** Handlers answer with the number of what was called, as a failed record. */
    @BeforeAll
    static void compile() throws IOException {
        CompiledCode.of(folder, """
                        public class Answers {
                            static String failed(int number) {
                                return "{\\"batchItemFailures\\":[{\\"itemIdentifier\\":\\"" + number + "\\"}]}";
                            }
                            static StreamsEventResponse response(int number) {
                                return new StreamsEventResponse(
                                        List.of(new StreamsEventResponse.BatchItemFailure("" + number)));
                            }
                            static void write(OutputStream out, int number) throws IOException {
                                out.write(failed(number).getBytes(StandardCharsets.UTF_8));
                            }
                        }
                        """, """
                        public class Typed implements RequestHandler<KinesisEvent, StreamsEventResponse> {
                            public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
                                return Answers.response(event.getRecords().size());
                            }
                            public StreamsEventResponse custom(KinesisEvent event) {
                                return Answers.response(42);
                            }
                        }
                        """, """
                        public class Outer {
                            public static class Nested extends Typed {}
                            public class Inner extends Typed {}
                        }
                        """, """
                        public class Both extends Typed implements RequestStreamHandler {
                            public void handleRequest(InputStream in, OutputStream out, Context context)
                                    throws IOException {
                                Answers.write(out, 7);
                            }
                        }
                        """, """
                        public class Methods {
                            public StreamsEventResponse none() { return Answers.response(1); }
                            public StreamsEventResponse event(KinesisEvent event) { return Answers.response(2); }
                            public StreamsEventResponse context(Context context) { return Answers.response(3); }
                            public StreamsEventResponse map(Map<String, Object> event, Context context) {
                                return Answers.response(4 + event.size());
                            }
                            public void output(OutputStream out) throws IOException { Answers.write(out, 6); }
                            public void outputContext(OutputStream out, Context context) throws IOException {
                                Answers.write(out, 7);
                            }
                            public void streams(InputStream in, OutputStream out) throws IOException {
                                Answers.write(out, 8 + in.readAllBytes().length / 1_000_000);
                            }
                            public void all(InputStream in, OutputStream out, Context context) throws IOException {
                                Answers.write(out, 9);
                            }
                            public static StreamsEventResponse isStatic(KinesisEvent event, Context context) {
                                return Answers.response(10);
                            }
                            public String input(InputStream in) { return "ignored"; }
                            public void inputContext(InputStream in, Context context) {}
                            public void isVoid(KinesisEvent event) {}

                            public StreamsEventResponse overloaded() { return Answers.response(20); }
                            public StreamsEventResponse overloaded(KinesisEvent event) { return Answers.response(21); }
                            public StreamsEventResponse overloaded(KinesisEvent event, Context context) {
                                return Answers.response(22);
                            }
                            public StreamsEventResponse overloaded(KinesisEvent event, Context context, int more) {
                                return Answers.response(23);
                            }
                            public void contextWins(InputStream in, OutputStream out) throws IOException {
                                Answers.write(out, 24);
                            }
                            public StreamsEventResponse contextWins(Object event, Context context) {
                                return Answers.response(25);
                            }
                            public StreamsEventResponse unusable(KinesisEvent event, String more) { return null; }
                            public StreamsEventResponse unusable(Context context, KinesisEvent event) { return null; }
                            StreamsEventResponse notPublic() { return null; }
                        }
                        """, """
                        public abstract class Step<A, B> implements RequestHandler<B, StreamsEventResponse> {}
                        """, """
                        public class Bridged extends Step<Integer, KinesisEvent> {
                            public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
                                return Answers.response(30 + event.getRecords().size());
                            }
                        }
                        """, """
                        public class Open<T> implements RequestHandler<T, Void> {
                            public Void handleRequest(T event, Context context) { return null; }
                        }
                        """, """
                        public class Raw implements RequestHandler {
                            public Object handleRequest(Object event, Context context) { return null; }
                        }
                        """, """
                        public class Plain {}
                        """, """
                        public class NoConstructor extends Typed {
                            public NoConstructor(int number) {}
                        }
                        """, """
                        public abstract class Abstract extends Typed {}
                        """, """
                        public class FailingConstructor extends Typed {
                            public FailingConstructor() { throw new IllegalArgumentException("ctor boom"); }
                        }
                        """, """
                        public class SilentConstructor extends Typed {
                            public SilentConstructor() { throw new IllegalArgumentException(); }
                        }
                        """, """
                        public class FailingStatic extends Typed {
                            static final int NUMBER = Integer.parseInt("x");
                        }
                        """)
                .folder();
    }

    private static HandlerJarFunction open(String handler) {
        return HandlerJars.open(folder.resolve("classes"), handler);
    }

    private static Result invoke(String handler) throws Exception {
        try (HandlerJarFunction function = open(handler)) {
            return Invocations.invoke(function, "a", "b").result();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Typed, 2",
        "com.acme.Typed::handleRequest, 2",
        "com.acme.Typed::custom, 42",
        "com.acme.Outer$Nested, 2",
        "com.acme.Both, 7",
        "com.acme.Methods::none, 1",
        "com.acme.Methods::event, 2",
        "com.acme.Methods::context, 3",
        "com.acme.Methods::map, 5",
        "com.acme.Methods::output, 6",
        "com.acme.Methods::outputContext, 7",
        "com.acme.Methods::streams, 8",
        "com.acme.Methods::all, 9",
        "com.acme.Methods::isStatic, 10",
        "com.acme.Methods::overloaded, 22",
        "com.acme.Methods::contextWins, 25",
        "com.acme.Bridged, 32",
        "com.acme.Bridged::handleRequest, 32",
    })
    void a_handler_string_names_what_is_called(String handler, long called) throws Exception {
        assertThat(invoke(handler)).isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(called))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"input", "inputContext", "isVoid"})
    void a_method_that_answers_nothing_succeeds_by_returning(String method) throws Exception {
        assertThat(invoke("com.acme.Methods::" + method)).isEqualTo(Result.success());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "com.acme.Nope | Class not found: com.acme.Nope | java.lang.ClassNotFoundException",
                "::handle | Invalid handler: `::handle' | none",
                "com.acme.Typed:: | Invalid handler: `com.acme.Typed::' | none",
                "com.acme.Plain | Class does not implement an appropriate handler interface: com.acme.Plain | none",
                "com.acme.Typed::nope | No public method named nope with appropriate method signature found on class"
                        + " com.acme.Typed | none",
                "com.acme.Methods::unusable | No public method named unusable with appropriate method signature found"
                        + " on class com.acme.Methods | none",
                "com.acme.Methods::notPublic | No public method named notPublic with appropriate method signature"
                        + " found on class com.acme.Methods | none",
                "com.acme.NoConstructor | Class com.acme.NoConstructor has no public zero-argument constructor"
                        + " | java.lang.Exception",
                "com.acme.Outer$Inner | Class com.acme.Outer$Inner cannot be instantiated because it is a non-static"
                        + " inner class | java.lang.Exception",
                "com.acme.Abstract | java.lang.InstantiationException | java.lang.InstantiationException",
                "com.acme.Open | Class com.acme.Open does not implement RequestHandler with concrete type parameters:"
                        + " parameter T has no upper bound. | none",
                "com.acme.Raw | Class com.acme.Raw does not implement RequestHandler with concrete type parameters"
                        + " | none",
                "com.acme.FailingConstructor | ctor boom | java.lang.IllegalArgumentException",
                "com.acme.SilentConstructor | java.lang.IllegalArgumentException"
                        + " | java.lang.IllegalArgumentException",
                "com.acme.FailingStatic | Error loading class com.acme.FailingStatic"
                        + " | java.lang.ExceptionInInitializerError"
            })
    void a_handler_that_cant_be_loaded_is_reported_in_lambdas_words(String handler, String message, String type) {
        assertThatThrownBy(() -> open(handler))
                .isInstanceOfSatisfying(
                        HandlerInitException.class,
                        error -> assertThat(error.errorType()).isEqualTo(type))
                .hasMessage(message);
    }

    @Test
    void a_missing_library_is_reported_in_lambdas_words(@TempDir Path other) throws IOException {
        Path withoutLibraries = CompiledCode.of(other, "public class Alone extends KinesisEvent {}")
                .classes();

        assertThatThrownBy(() -> HandlerJars.open(withoutLibraries, "com.acme.Alone"))
                .isInstanceOf(HandlerInitException.class)
                .hasMessage("Error loading class com.acme.Alone:"
                        + " com/amazonaws/services/lambda/runtime/events/KinesisEvent");
    }
}
