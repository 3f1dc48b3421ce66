package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.InvokeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RuntimeProcessTest {

    @TempDir
    Path folder;

    /** The threads are the listener's, the output's and the one that awaits the end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void nothing_is_left_of_a_process_whose_threads_cant_be_had(int tooMany) throws Exception {
        TooManyThreads threads = new TooManyThreads(tooMany);
        Path code = bootstrap("exec sleep 600\n");
        try (HostResources resources = HostResources.open(
                folder.resolve("processes"),
                HostResources.Languages.with(new Interpreters(List.of(), false, "")),
                threads)) {
            assertThatThrownBy(() -> RuntimeProcess.start(
                            Functions.provided(code, Duration.ofSeconds(3)),
                            resources.ownUser(),
                            resources,
                            folder.resolve("tmp"),
                            new FunctionLog("f")))
                    .isInstanceOf(OutOfMemoryError.class);

            threads.shutdown();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS))
                    .as("nobody listens or reads any more")
                    .isTrue();
            await().untilAsserted(() -> assertThat(running(code)).isEmpty());
        }
    }

    /** Part of it may live a little longer, such as a client that waits for the next event. */
    @Test
    void a_process_that_is_being_killed_takes_no_event() throws Exception {
        Path code = bootstrap("echo \"$AWS_LAMBDA_RUNTIME_API\" > api\nexec sleep 600\n");
        try (HostResources resources = HostResources.open(folder.resolve("processes"))) {
            RuntimeProcess process = RuntimeProcess.start(
                    Functions.provided(code, Duration.ofSeconds(60)),
                    resources.ownUser(),
                    resources,
                    folder.resolve("tmp"),
                    new FunctionLog("f"));
            Path api = code.resolve("api");
            await().until(() -> Files.exists(api) && Files.size(api) > 0);
            try (RawClient client = new RawClient(Files.readString(api).strip())) {
                client.sendNext();
                long soon = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                assertThat(process.session().awaitReady(soon)).isEqualTo(RuntimeSession.Waited.DONE);

                RuntimeInvocation invocation = new RuntimeInvocation(InvokeRequest.of(new byte[0]), "arn", 1);
                process.kill();
                process.session().dispatch(invocation);

                assertThat(process.session().awaitReply(invocation, soon)).isEqualTo(RuntimeSession.Waited.ENDED);
                assertThat(invocation.taken).isFalse();
            }
        }
    }

    private Path bootstrap(String script) throws IOException {
        Path code = Files.createDirectory(folder.resolve("code"));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        return code;
    }

    /** Processes whose working directory that is. */
    private static Stream<Path> running(Path code) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(each -> code.equals(workingDirectory(each))).toList().stream();
        }
    }

    private static Path workingDirectory(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd"));
        } catch (IOException goneOrNone) {
            return process;
        }
    }
}
