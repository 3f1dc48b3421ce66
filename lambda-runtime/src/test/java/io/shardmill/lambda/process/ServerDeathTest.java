package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.InvokeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing outlives a server by more than five seconds, however the server ends. */
@Timeout(60)
class ServerDeathTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    /** A server with a Java function and a bootstrap in the middle of their work, and idle ones of both. */
    static final class Server {

        private Server() {}

        public static void main(String[] args) throws Exception {
            Functions functions = new Functions(Path.of(args[0]));
            Path code = functions.newFolder();
            HandlerJar.compile(ExampleHandlers.CLASS, ExampleHandlers.SOURCE, code);
            ProcessFunction java = functions.start(
                    Functions.revision("java17", "ex.Handlers$Multi", code, LONG, Map.of("TEST_MARK", args[0])));
            ProcessFunction shell = functions.start(
                    Functions.revision("provided", "h", functions.loop("""
                            case $event in busy)
                              trap '' TERM HUP INT
                              sleep 600 & setsid sleep 600 & (setsid sh -c 'sleep 600; :' &)
                              env -i sleep 600 &
                              while :; do :; done
                            esac
                            respond ok
                            """), LONG, Map.of("TEST_MARK", args[0])));
            Thread busyJava = new Thread(() -> invoke(java, "{\"do\":\"hang\"}"));
            Thread busyShell = new Thread(() -> invoke(shell, "busy"));
            busyJava.start();
            busyShell.start();
            invoke(java, "{\"do\":\"pid\"}");
            invoke(shell, "");
            System.out.println("all started");
            busyJava.join();
        }

        private static void invoke(ProcessFunction function, String event) {
            try {
                function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    @Test
    void a_killed_server_takes_idle_and_busy_processes_and_all_of_their_descendants_with_it() throws Exception {
        Path output = folder.resolve("output");
        Process server = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Server.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            // Two JVMs and two shells; of the busy one five descendants, one of them without the mark in its
            // environment.
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                assertThat(server.isAlive()).as(Files.readString(output)).isTrue();
                return Files.readString(output).contains("all started") && marked().size() >= 8;
            });
            List<Long> unmarked = server.descendants()
                    .filter(each -> List.of(each.info().arguments().orElse(new String[0]))
                            .contains("600"))
                    .map(ProcessHandle::pid)
                    .toList();
            List<Long> all = new ArrayList<>(marked());
            all.addAll(unmarked);
            assertThat(server.descendants().map(ProcessHandle::pid).toList())
                    .as("the guards too")
                    .isNotEmpty();
            all.addAll(server.descendants().map(ProcessHandle::pid).toList());

            server.destroyForcibly(); // SIGKILL

            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(all).noneMatch(Functions::isAlive);
                assertThat(marked()).isEmpty();
            });
        } finally {
            server.destroyForcibly();
        }
    }

    /** Whoever has our mark in its environment. */
    private List<Long> marked() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(this::isMarked)
                    .map(path -> Long.parseLong(path.getFileName().toString()))
                    .toList();
        }
    }

    private boolean isMarked(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("environ")), UTF_8).contains("TEST_MARK=" + folder);
        } catch (IOException gone) {
            return false;
        }
    }
}
