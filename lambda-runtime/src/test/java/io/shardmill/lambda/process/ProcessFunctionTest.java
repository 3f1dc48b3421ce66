package io.shardmill.lambda.process;

import static io.shardmill.lambda.process.Functions.provided;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaFunctionException;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure;
import io.shardmill.runtime.InvocationOutcome.PartlyFailed;
import io.shardmill.runtime.InvocationOutcome.Succeeded;
import io.shardmill.runtime.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine sees of a function in a process: whatever it does, one defined outcome. */
@Timeout(60)
class ProcessFunctionTest {

    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    private static final List<Record> BATCH = List.of(
            Record.of(SHARD, SequenceNumber.parse("11"), "k", "a", Instant.EPOCH),
            Record.of(SHARD, SequenceNumber.parse("12"), "k", "b", Instant.EPOCH));
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private Functions functions;

    @BeforeEach
    void open() {
        functions = new Functions(folder);
    }

    @AfterEach
    void close() {
        functions.close();
        timer.shutdownNow();
    }

    private InvocationOutcome invoke(ProcessFunction function, Duration engineTimeout, String event) {
        return invoke(function, engineTimeout, Payload.of(event.getBytes(UTF_8)));
    }

    private InvocationOutcome invoke(ProcessFunction function, Duration engineTimeout, Payload event) {
        FunctionInvoker invoker = new FunctionInvoker(
                "f",
                function,
                new FunctionSettings(engineTimeout, FunctionSettings.UNLIMITED),
                new Deadlines(timer),
                InvocationInterceptor.NONE);
        Invocation invocation = new Invocation(
                new Invocation.Origin("m", SHARD, 0, 1), new Invocation.Attempt("request-1", 1), BATCH, null, event);
        return invoker.invoke(invocation, true, DeadlineListener.IGNORED);
    }

    @Test
    void answers_reports_and_errors_become_outcomes() {
        ProcessFunction function = functions.start(provided(functions.loop("""
                        case $event in
                          error) curl -sS -o /dev/null -d '{"errorType":"Bad","errorMessage":"record"}' "$api/invocation/$id/error";;
                          liar) curl -sS -o /dev/null -d 'x' "$api/invocation/other/response"; respond '{"batchItemFailures":[{"itemIdentifier":"99"}]}';;
                          exit) exit 4;;
                          *) respond "$event";;
                        esac
                        """), LONG));
        assertThat(invoke(function, LONG, "null")).isInstanceOf(Succeeded.class);
        assertThat(invoke(function, LONG, "{\"batchItemFailures\":[{\"itemIdentifier\":\"12\"}]}"))
                .isEqualTo(new PartlyFailed(1));
        assertThat(invoke(function, LONG, "liar").describe())
                .contains("from record 0: ", "names records that are not in the batch");
        assertThat(invoke(function, LONG, "no json at all").describe()).contains("from record 0: ", "not JSON");
        assertThat(failure(invoke(function, LONG, "error"))).hasMessage("Bad: record");
        assertThat(failure(invoke(function, LONG, "exit")))
                .hasMessage("Runtime.ExitError: RequestId: request-1 Error: Runtime exited with error: exit status 4");
        assertThat(invoke(function, LONG, "null")).isInstanceOf(Succeeded.class);
    }

    @Test
    void an_event_that_memory_runs_out_for_half_way_is_not_invoked_and_the_next_one_is() {
        ProcessFunction function = functions.start(provided(functions.loop("respond null"), LONG));
        assertThat(invoke(function, LONG, "null")).isInstanceOf(Succeeded.class);

        assertThat(invoke(function, LONG, new HalfWritten())).isEqualTo(Failure.internal("out of memory (half way)"));
        assertThat(invoke(function, LONG, "null")).isInstanceOf(Succeeded.class);
    }

    private record HalfWritten() implements Payload {
        @Override
        public int size() {
            return 200_000;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[100_000]);
            throw new OutOfMemoryError("half way");
        }
    }

    private static Throwable failure(InvocationOutcome outcome) {
        assertThat(outcome.consumesAttempt()).isTrue();
        assertThat(outcome.functionError()).isEqualTo("Unhandled");
        Throwable cause = ((Failure) outcome).cause();
        assertThat(cause).isInstanceOf(LambdaFunctionException.class);
        return cause;
    }

    @Test
    void silence_is_a_timeout_by_its_own_limit_or_the_engines() throws Exception {
        Path code = functions.loop("echo $$ > pid; sleep 600 & wait");
        ProcessFunction function = functions.start(provided(code, Duration.ofMillis(500)));
        assertThat(failure(invoke(function, function.longestInvocation(), "")))
                .hasMessage("Sandbox.Timedout: RequestId: request-1 Error: Task timed out after 0.50 seconds");

        ProcessFunction patient = functions.start(provided(code, LONG));
        Files.delete(code.resolve("pid"));
        assertThat(invoke(patient, Duration.ofSeconds(2), "")).isEqualTo(Failure.timedOut(2_000));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        long pid = Long.parseLong(Files.readString(code.resolve("pid")).strip());
        await().until(() -> !Functions.isAlive(pid));
    }

    @Test
    void what_floods_its_log_or_the_api_with_nonsense_still_ends_in_its_outcome() {
        ProcessFunction function = functions.start(provided(functions.loop("""
                        head -c 3000000 /dev/zero | tr '\\0' 'x'
                        head -c 300000 /dev/urandom
                        head -c 2000000 /dev/zero | curl -sS -o /dev/null -X POST -H "Expect:" --data-binary @- "$api/nowhere"
                        printf 'nonsense\\r\\n\\r\\n' | curl -sS -m 1 -o /dev/null "telnet://$AWS_LAMBDA_RUNTIME_API" 2>/dev/null
                        respond null
                        """), LONG));
        assertThat(invoke(function, LONG, "null")).isInstanceOf(Succeeded.class);
        assertThat(invoke(function, LONG, "null")).isInstanceOf(Succeeded.class);
    }

    @Test
    void a_process_that_kills_its_guard_is_ended_for_it() {
        ProcessFunction function = functions.start(provided(
                functions.loop(
                        "kill -9 $(pgrep -f \"shardmill-guard ${AWS_LAMBDA_LOG_STREAM_NAME##*]}\"); sleep 600 & wait"),
                LONG));
        assertThat(failure(invoke(function, LONG, ""))).hasMessageContaining("signal: killed");
    }

    @Test
    void an_environment_that_cannot_be_had_is_not_the_functions_fault() throws Exception {
        FunctionRevision revision = Functions.revision("java17", "X", functions.newFolder(), LONG, Map.of());
        try (HostResources broken = HostResources.open(
                        folder.resolve("other"),
                        new HostResources.Languages(
                                folder.resolve("no-java"), new Interpreters(List.of(), false, "")));
                ProcessFunction function =
                        new ProcessFunction(revision, broken.ownUser(), EnvironmentLimits.LAMBDA, broken)) {
            assertThat(invoke(function, LONG, "{}"))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            outcome -> assertThat(outcome.describe())
                                    .startsWith("not invoked: no process for function 'f' can be started: ")
                                    .contains("no-java"));
        }
    }
}
