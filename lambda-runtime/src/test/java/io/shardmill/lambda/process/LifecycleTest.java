package io.shardmill.lambda.process;

import static io.shardmill.lambda.process.Functions.provided;
import static io.shardmill.lambda.process.Functions.tail;
import static io.shardmill.lambda.process.Functions.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How processes begin, serve, fail and end; with functions that are shell scripts, the fastest to start. */
@Timeout(60)
class LifecycleTest {

    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private Functions functions;

    @BeforeEach
    void open() {
        functions = new Functions(folder);
    }

    @AfterEach
    void close() {
        functions.close();
        callers.shutdownNow();
    }

    private static InvokeResponse invoke(ProcessFunction function, String event) throws Exception {
        return function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
    }

    private static boolean isAlive(long pid) {
        return Functions.isAlive(pid);
    }

    private ProcessFunction loop(String body, Duration timeout) {
        return functions.start(provided(functions.loop(body), timeout));
    }

    @Test
    void a_bootstrap_serves_one_invocation_after_the_other_in_one_process() throws Exception {
        ProcessFunction echo = loop("respond \"$$ $event\"", LONG);
        String first = text(invoke(echo, "one"));
        assertThat(first).endsWith(" one");
        assertThat(text(invoke(echo, "two"))).isEqualTo(first.replace("one", "two"));
        assertThat(invoke(echo, "three").functionError()).isNull();
        assertThat(echo.environments()).isEqualTo(1);
    }

    @Test
    void case_r14_how_a_process_exits_within_an_invocation_is_the_error() throws Exception {
        ProcessFunction exits = loop("eval \"$event\"", LONG);
        assertThat(error(exits, "exit 0")).isEqualTo("Runtime exited without providing a reason");
        assertThat(error(exits, "exit 3")).isEqualTo("Runtime exited with error: exit status 3");
        assertThat(error(exits, "kill -9 $$")).isEqualTo("Runtime exited with error: signal: killed");
        assertThat(error(exits, "kill -SEGV $$")).isEqualTo("Runtime exited with error: signal: segmentation fault");
        assertThat(text(invoke(exits, "respond fine"))).isEqualTo("fine");
    }

    private static String error(ProcessFunction function, String event) throws Exception {
        InvokeRequest request = InvokeRequest.of(event.getBytes(UTF_8));
        InvokeResponse response = function.invoke(request);
        assertThat(response.functionError()).isEqualTo("Unhandled");
        String before = "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: " + request.requestId()
                + " Error: ";
        assertThat(text(response)).startsWith(before).endsWith("\"}");
        String message =
                text(response).substring(before.length(), text(response).length() - 2);
        assertThat(tail(response))
                .contains("RequestId: " + request.requestId() + " Error: " + message
                        + "\nRuntime.ExitError\nEND RequestId: ");
        return message;
    }

    @Test
    void case_r15_an_exit_while_idle_is_nobodys_error() throws Exception {
        ProcessFunction function = loop("respond $$", LONG);
        long pid = Long.parseLong(text(invoke(function, "")));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().until(() -> !isAlive(pid));

        InvokeResponse next = invoke(function, "");
        assertThat(next.functionError()).isNull();
        assertThat(text(next)).isNotEqualTo(Long.toString(pid));
    }

    @Test
    void case_r16_an_exit_after_the_response_leaves_the_result_and_costs_the_process() throws Exception {
        ProcessFunction once = loop("respond $$; exit 1", LONG);
        InvokeResponse first = invoke(once, "");
        InvokeResponse second = invoke(once, "");
        assertThat(first.functionError()).isNull();
        assertThat(second.functionError()).isNull();
        assertThat(text(second)).isNotEqualTo(text(first));
    }

    @Test
    void case_r17_at_its_timeout_the_whole_tree_is_killed_and_the_temporary_files_stay() throws Exception {
        ProcessFunction function = loop("""
                if [ -e "$TMPDIR/kept" ]; then respond "$(cat "$TMPDIR/kept")"; continue; fi
                sleep 600 &
                plain=$!
                setsid sleep 600 &
                detached=$!
                (setsid sh -c 'sleep 600 & echo $! > "$TMPDIR/orphan"; sleep 600' &)
                while [ ! -s "$TMPDIR/orphan" ]; do :; done
                echo "$$ $plain $detached $(cat "$TMPDIR/orphan")" > "$TMPDIR/kept"
                wait
                """, Duration.ofSeconds(1));
        InvokeRequest request = InvokeRequest.of(new byte[0]);
        InvokeResponse timedOut = function.invoke(request);
        assertThat(timedOut.functionError()).isEqualTo("Unhandled");
        assertThat(text(timedOut))
                .isEqualTo("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " + request.requestId()
                        + " Error: Task timed out after 1.00 seconds\"}");
        assertThat(tail(timedOut)).contains(request.requestId() + " Task timed out after 1.00 seconds\n");

        String[] pids = text(invoke(function, "")).split(" ", -1);
        assertThat(pids).hasSize(4);
        for (String pid : pids) {
            assertThat(isAlive(Long.parseLong(pid))).as("process " + pid).isFalse();
        }
    }

    @Test
    void case_r18_an_init_that_is_too_slow_is_stopped_and_repeated_within_the_invocation() throws Exception {
        // Waits for ever the first time; Lambda's limit of 10 s is a setting.
        Path code = functions.bootstrap(
                """
                n=$(cat "$TMPDIR/n" 2>/dev/null || echo 0)
                echo $((n + 1)) > "$TMPDIR/n"
                echo init $n
                [ $n = 0 ] && { sleep 600 & wait; }
                """ + Functions.LOOP + "while :; do next; respond \"started $(cat \"$TMPDIR/n\") times\"; done\n");
        InvokeResponse response = invoke(withInit(code, LONG), "");
        assertThat(text(response)).isEqualTo("started 2 times");
        assertThat(tail(response))
                .matches("(?s)init 0\nINIT_REPORT Init Duration: [0-9.]+ ms\tPhase: init\tStatus: timeout\n"
                        + "START RequestId: .*\ninit 1\nEND RequestId: .*");
    }

    @Test
    void case_r18_an_init_that_is_too_slow_within_the_invocation_too_times_out() throws Exception {
        Path code = functions.bootstrap("sleep 600 & wait\n");
        InvokeResponse response = invoke(withInit(code, Duration.ofMillis(300)), "");
        assertThat(text(response)).contains("Sandbox.Timedout", "Task timed out after 0.30 seconds");
        assertThat(tail(response)).contains("Phase: init\tStatus: timeout", "Phase: invoke\tStatus: timeout");
    }

    private ProcessFunction withInit(Path code, Duration timeout) {
        return functions.start(
                provided(code, timeout), new EnvironmentLimits(1, Duration.ofMinutes(1), Duration.ofSeconds(1)));
    }

    @Test
    void an_init_that_fails_is_repeated_and_its_second_error_is_the_callers() throws Exception {
        Path exits = functions.bootstrap("echo x >> \"$TMPDIR/starts\"; exit $(wc -l < \"$TMPDIR/starts\")\n");
        InvokeResponse response = invoke(functions.start(provided(exits, LONG)), "");
        assertThat(text(response)).contains("Runtime.ExitError", "exit status 2");
        assertThat(tail(response))
                .contains("Phase: init\tStatus: error\tError Type: Runtime.ExitError", "Phase: invoke");

        Path reports = functions.bootstrap("""
                curl -sS -d '{"errorMessage":"not today"}' http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error
                exit 1
                """);
        InvokeResponse reported = invoke(functions.start(provided(reports, LONG)), "");
        assertThat(text(reported)).isEqualTo("{\"errorMessage\":\"not today\"}");
        assertThat(reported.functionError()).isEqualTo("Unhandled");
        assertThat(tail(reported))
                .contains("Status: error\tError Type: Runtime.Unknown")
                .contains("Phase: invoke");
    }

    @Test
    void code_that_cannot_be_loaded_is_not_started_again_within_the_invocation() throws Exception {
        Path code = functions.bootstrap("""
                echo x >> "$TMPDIR/starts"
                error="{\\"errorType\\":\\"Runtime.ImportModuleError\\",\\"starts\\":$(wc -l < "$TMPDIR/starts")}"
                curl -sS -o /dev/null -d "$error" http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error
                exit 1
                """);
        ProcessFunction function = functions.start(provided(code, LONG));
        InvokeResponse first = invoke(function, "");
        assertThat(text(first)).isEqualTo("{\"errorType\":\"Runtime.ImportModuleError\",\"starts\":1}");
        assertThat(tail(first))
                .containsOnlyOnce("INIT_REPORT")
                .contains("Phase: init\tStatus: error\tError Type: Runtime.ImportModuleError");
        assertThat(text(invoke(function, ""))).contains("\"starts\":2");
    }

    @Test
    void case_r19_a_bootstrap_that_cannot_be_executed_is_an_invalid_entrypoint() throws Exception {
        Path missing = functions.newFolder();
        assertThat(text(invoke(functions.start(provided(missing, LONG)), "")))
                .contains(
                        "\"errorType\":\"Runtime.InvalidEntrypoint\"",
                        "fork/exec /var/task/bootstrap: no such file or directory");

        Path plain = functions.newFolder();
        Files.writeString(plain.resolve("bootstrap"), "#!/bin/sh\n");
        assertThat(text(invoke(functions.start(provided(plain, LONG)), "")))
                .contains("\"errorType\":\"Runtime.InvalidEntrypoint\"", "/bootstrap: permission denied");

        assertThat(text(invoke(functions.start(provided(plain.resolve("nowhere"), LONG)), "")))
                .contains("\"errorType\":\"Runtime.InvalidWorkingDir\"");
    }

    @Test
    void a_process_that_never_asks_again_is_ended_at_the_deadline_but_its_result_stands() throws Exception {
        ProcessFunction function = loop("respond $$; sleep 600 & wait", Duration.ofSeconds(2));
        InvokeResponse first = invoke(function, "");
        assertThat(first.functionError()).isNull();
        long pid = Long.parseLong(text(first));
        assertThat(isAlive(pid)).isTrue();
        await().until(() -> !isAlive(pid));
    }

    @Test
    void a_process_that_drops_its_call_of_next_and_asks_again_loses_no_event() throws Exception {
        ProcessFunction function = functions.start(provided(
                functions.bootstrap(Functions.LOOP
                        + "curl -s -m 1 -o /dev/null \"$api/invocation/next\" 2>/dev/null\n"
                        + "while :; do next; respond \"got $event\"; done\n"),
                LONG));
        assertThat(text(invoke(function, "it"))).isEqualTo("got it");
    }

    @Test
    void whoever_gives_up_has_the_process_killed_at_once() throws Exception {
        Path code = functions.loop("echo $$ > pid; sleep 600 & wait");
        ProcessFunction function = functions.start(provided(code, LONG));
        Path pidFile = code.resolve("pid");
        Thread caller = new Thread(
                () -> assertThatThrownBy(() -> invoke(function, "")).isInstanceOf(InterruptedException.class));
        caller.start();
        await().until(() -> Files.exists(pidFile) && Files.size(pidFile) > 0);
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        caller.interrupt();
        caller.join();
        await().until(() -> !isAlive(pid));
    }

    @Test
    void invocations_at_the_same_time_get_environments_of_their_own_up_to_the_maximum() throws Exception {
        Path code = functions.loop(
                "case $event in wait) touch \"$TMPDIR/waiting\" here; while [ -e here ]; do sleep 0.05; done;; esac; respond $$");
        ProcessFunction function = functions.start(provided(code, LONG), new EnvironmentLimits(2, LONG, LONG));
        Future<InvokeResponse> waiting = callers.submit(() -> invoke(function, "wait"));
        await().until(() -> Files.exists(code.resolve("here")));
        String second = text(invoke(function, ""));
        Future<InvokeResponse> alsoWaiting = callers.submit(() -> invoke(function, "wait"));
        await().until(() -> function.environments() == 2 && waitingFolders() == 2);

        assertThatThrownBy(() -> invoke(function, ""))
                .isInstanceOf(NotInvokedException.class)
                .hasMessage("throttled: all 2 execution environments of function 'f' are busy");

        Files.delete(code.resolve("here"));
        assertThat(text(alsoWaiting.get())).isEqualTo(second);
        assertThat(text(waiting.get())).isNotEqualTo(second);
    }

    private long waitingFolders() throws IOException {
        try (var all = Files.walk(functions.resources().environmentsFolder())) {
            return all.filter(path -> path.endsWith("waiting")).count();
        }
    }

    @Test
    void idle_environments_are_ended_with_their_temporary_files() throws Exception {
        ProcessFunction function = functions.start(
                provided(functions.loop("respond $$"), LONG),
                new EnvironmentLimits(5, Duration.ofMillis(200), Duration.ofSeconds(10)));
        long pid = Long.parseLong(text(invoke(function, "")));
        await().until(() -> !isAlive(pid) && function.environments() == 0);
        await().until(() -> {
            try (var left = Files.list(functions.resources().environmentsFolder())) {
                return left.findAny().isEmpty();
            }
        });
        assertThat(text(invoke(function, ""))).isNotEqualTo(Long.toString(pid));
    }

    @Test
    void what_runs_when_the_function_is_closed_counts_as_not_invoked_and_nothing_is_left() throws Exception {
        Path code = functions.loop("sleep 600 & echo $$ $! > pids; wait");
        ProcessFunction function = functions.start(provided(code, LONG));
        Future<InvokeResponse> running = callers.submit(() -> invoke(function, ""));
        await().until(() -> Files.exists(code.resolve("pids")) && Files.size(code.resolve("pids")) > 0);
        function.close();
        assertThat(Files.readString(code.resolve("pids")).strip().split(" ", -1))
                .hasSize(2)
                .noneMatch(pid -> isAlive(Long.parseLong(pid)));
        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(NotInvokedException.class)
                .hasRootCauseMessage("function 'f' was stopped while it ran");
        assertThatThrownBy(() -> invoke(function, "")).isInstanceOf(NotInvokedException.class);
    }

    @Test
    void a_folder_belongs_to_one_server() {
        assertThatThrownBy(() -> HostResources.open(folder.resolve("processes")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is used by another process; give each its own");
    }
}
