package io.shardmill.lambda.process;

import static io.shardmill.lambda.process.Functions.provided;
import static io.shardmill.lambda.process.Functions.tail;
import static io.shardmill.lambda.process.Functions.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The memory of a function, 128 MB in these tests, bounds all of its processes together. */
@Timeout(120)
class MemoryTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Pattern USED = Pattern.compile("Memory Size: 128 MB\tMax Memory Used: (\\d+) MB");

    @TempDir
    Path folder;

    private Functions functions;

    @BeforeEach
    void open() {
        functions = new Functions(folder);
    }

    @AfterEach
    void close() {
        functions.close();
    }

    private ProcessFunction loop(String body) {
        return functions.start(provided(functions.loop(body), LONG));
    }

    private static InvokeResponse invoke(ProcessFunction function, String event) throws Exception {
        return function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
    }

    private static int used(InvokeResponse response) {
        Matcher matcher = USED.matcher(tail(response));
        assertThat(matcher.find()).as(tail(response)).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** Has a child hold so much, and write a file when it does. */
    private static String holding(int megabytes) {
        return "awk 'BEGIN { s = \"x\"; for (i = 0; i < 20; i++) s = s s; for (i = 0; i < " + megabytes
                + "; i++) a[i] = s i; print \"held\" > \"held\"; close(\"held\"); while (1) system(\"sleep 600\") }' &\n";
    }

    @Test
    void a_child_that_holds_more_than_the_memory_ends_the_function_as_on_lambda() throws Exception {
        ProcessFunction function = loop("case $event in " + "more) " + holding(300) + " wait;; *) respond $$;; esac");
        String before = text(invoke(function, ""));
        InvokeRequest request = InvokeRequest.of("more".getBytes(UTF_8));
        InvokeResponse killed = function.invoke(request);
        assertThat(killed.functionError()).isEqualTo("Unhandled");
        assertThat(text(killed))
                .isEqualTo("{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: " + request.requestId()
                        + " Error: Runtime exited with error: signal: killed\"}");
        assertThat(tail(killed)).contains("memory: 128 MB; the function's processes were killed because they held ");
        assertThat(used(killed)).isGreaterThan(128);
        assertThat(text(invoke(function, ""))).as("the next one is cold").isNotEqualTo(before);
    }

    @Test
    void what_children_hold_is_reported_and_within_the_memory_nobody_is_killed() throws Exception {
        ProcessFunction function = loop("case $event in " + "some) " + holding(60)
                + " while [ ! -s held ]; do sleep 0.05; done; respond $$;; *) respond $$;; esac");
        InvokeResponse little = invoke(function, "");
        assertThat(used(little)).isBetween(1, 30);
        assertThat(text(invoke(function, "some"))).isEqualTo(text(little));
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            InvokeResponse next = invoke(function, "");
            assertThat(text(next)).as("the same process").isEqualTo(text(little));
            assertThat(used(next)).isBetween(60, 100);
        });
    }

    @Test
    void an_idle_function_that_grows_is_ended_and_the_next_invocation_is_nobodys_error() throws Exception {
        Path code = functions.loop("respond $$; " + holding(300));
        ProcessFunction function = functions.start(provided(code, LONG));
        long pid = Long.parseLong(text(invoke(function, "")));
        await().atMost(60, TimeUnit.SECONDS).until(() -> !Functions.isAlive(pid));
        InvokeResponse next = invoke(function, "");
        assertThat(next.functionError()).isNull();
        assertThat(text(next)).isNotEqualTo(Long.toString(pid));
    }

    @Test
    void a_group_is_the_session_of_its_leader_with_all_descendants() throws Exception {
        Path pids = folder.resolve("pids");
        String script = "sleep 600 & a=$!; setsid sleep 600 & b=$!; (setsid sh -c 'sleep 600 & echo $! > " + pids
                + ".c; sleep 600' &); while [ ! -s " + pids
                + ".c ]; do sleep 0.05; done; sleep 600 & (sleep 600 &); echo $$ $a $b > "
                + pids + ".tmp; mv " + pids + ".tmp " + pids + "; wait";
        Process leader = new ProcessBuilder("setsid", "sh", "-c", script).start();
        List<Long> group = List.of();
        try {
            await().until(() -> Files.exists(pids));
            group = ProcessGroups.of(
                            Set.of(leader.pid(), ProcessHandle.current().pid()))
                    .get(leader.pid());
            assertThat(group).contains(leader.pid());
            for (String pid : Files.readString(pids).strip().split(" ", -1)) {
                assertThat(group).contains(Long.parseLong(pid));
            }
            assertThat(group).doesNotContain(ProcessHandle.current().pid());
        } finally {
            group.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            if (Files.exists(Path.of(pids + ".c"))) {
                ProcessHandle.of(Long.parseLong(
                                Files.readString(Path.of(pids + ".c")).strip()))
                        .ifPresent(orphan -> {
                            orphan.parent()
                                    .filter(parent -> parent.pid() != 1)
                                    .ifPresent(ProcessHandle::destroyForcibly);
                            orphan.destroyForcibly();
                        });
            }
        }
    }

    @Test
    void a_java_function_fills_its_heap_and_is_told_so_by_its_jvm() throws Exception {
        Path code = functions.newFolder();
        HandlerJar.compile(ExampleHandlers.CLASS, ExampleHandlers.SOURCE, code);
        ProcessFunction function = functions.start(
                Functions.revision("java17", "ex.Handlers$Multi", code, LONG, Map.of()),
                new EnvironmentLimits(10, LONG, LONG));
        assertThat(used(invoke(function, "{\"do\":\"pid\"}"))).isBetween(30, 128);
        InvokeResponse full = invoke(function, "{\"do\":\"memory\"}");
        assertThat(text(full)).contains("\"errorType\":\"java.lang.OutOfMemoryError\"");
    }

    /** The file is in the build's folder: a temporary one may be in memory, which a function has to free itself. */
    @Test
    void pages_of_a_mapped_file_dont_count() throws Exception {
        Path code = functions.loop(
                "case $event in map) java -Xmx16m -XX:+UseSerialGC -cp \"$LAMBDA_TASK_ROOT\" Mapping \"$FILE\" held &"
                        + " while [ ! -s held ]; do sleep 0.05; done; sleep 1; respond $$;; *) respond $$;; esac");
        HandlerJar.compile("Mapping", """
                public class Mapping {
                    public static void main(String[] args) throws Exception {
                        try (var file = java.nio.channels.FileChannel.open(java.nio.file.Path.of(args[0]))) {
                            var map = file.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, file.size());
                            int sum = 0;
                            for (int i = 0; i < map.capacity(); i += 4096) sum += map.get(i);
                            java.nio.file.Files.writeString(java.nio.file.Path.of(args[1]), "held " + sum);
                            Thread.sleep(600_000);
                        }
                    }
                }
                """, code);
        Path file = Files.createTempFile(Path.of("target"), "mapped", "");
        try {
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(300 << 20);
            }
            ProcessFunction function = functions.start(Functions.revision(
                    "provided.al2023",
                    "h",
                    code,
                    LONG,
                    Map.of("FILE", file.toAbsolutePath().toString())));
            String pid = text(invoke(function, ""));
            InvokeResponse mapped = invoke(function, "map");
            assertThat(text(mapped)).as(tail(mapped)).isEqualTo(pid);
            assertThat(used(mapped)).isLessThan(128);
        } finally {
            Files.delete(file);
        }
    }
}
