package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How interpreters are started; shell scripts take their place, which answer with how they were. */
@Timeout(120)
class InterpretedFunctionTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Path code;

    @BeforeEach
    void makeCode() throws IOException {
        code = Files.createDirectory(folder.resolve("code"));
    }

    private Path fake(String name, String version) throws IOException {
        Path program = folder.resolve("bin").resolve(name);
        Files.createDirectories(program.getParent());
        Files.writeString(
                program,
                "#!/bin/sh\ncase $1 in -IS|-p) echo " + version + "; echo \"$0\"; exit;; esac\n"
                        + Functions.LOOP
                        + "next\nrespond \"$* | $AWS_EXECUTION_ENV | $_HANDLER | ${PATH%%:*} | $NODE_PATH | $PWD\"\nnext\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ProcessHost host(Path... interpreters) {
        return new ProcessHost(
                new ProcessOptions(folder.resolve("processes"), null, List.of(interpreters), false),
                new Interpreters(List.of(interpreters), false, ""));
    }

    private String invoke(ProcessHost host, String runtime, String handler, Map<String, String> variables)
            throws Exception {
        FunctionRevision revision = Functions.revision(runtime, handler, code, LONG, variables);
        try (HostedFunction function = host.open(revision)) {
            return Functions.text(function.invoke(InvokeRequest.of("{}".getBytes(UTF_8))));
        }
    }

    private Path client(String file) {
        return folder.resolve("processes/shardmill-environments/client").resolve(file);
    }

    @Test
    void python_runs_our_client_without_buffers_and_writes_nothing_beside_the_code() throws Exception {
        try (ProcessHost host = host(fake("python3.12", "3.12.1"))) {
            assertThat(invoke(host, "python3.12", "app.handler", Map.of()))
                    .isEqualTo("-B -u " + client("runtime_client.py") + " | AWS_Lambda_python3.12 | app.handler | "
                            + folder.resolve("bin") + " |  | " + code);
            assertThat(client("runtime_client.py")).isRegularFile();
        }
    }

    @Test
    void node_runs_our_client_with_lambdas_share_of_the_memory() throws Exception {
        try (ProcessHost host = host(fake("node", "20.1.0"))) {
            assertThat(invoke(host, "nodejs20.x", "index.handler", Map.of()))
                    .isEqualTo("--max-semi-space-size=6 --max-old-space-size=116 " + client("runtime-client.mjs")
                            + " | AWS_Lambda_nodejs20.x | index.handler | " + folder.resolve("bin")
                            + " | /opt/nodejs/node20/node_modules:/opt/nodejs/node_modules:" + code + " | " + code);
            assertThat(invoke(host, "nodejs20.x", "i.h", Map.of("NODE_OPTIONS", "--max_old_space_size=64")))
                    .startsWith(client("runtime-client.mjs") + " | ");
        }
    }

    @Test
    void only_the_servers_user_can_reach_the_client() throws Exception {
        try (ProcessHost host = host(fake("node", "20.1.0"))) {
            assertThat(invoke(host, "nodejs20.x", "index.handler", Map.of())).isNotEmpty();
            Path own = client("x").getParent().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(client("runtime-client.mjs"))))
                    .isEqualTo("rw-r--r--");
        }
    }

    @Test
    void a_function_without_an_interpreter_is_refused_before_it_is_invoked() throws Exception {
        FunctionRevision revision = Functions.revision("python3.8", "app.handler", code, LONG, Map.of());
        Path other = fake("python3", "3.1.4");
        try (ProcessHost host = host(other)) {
            assertThatThrownBy(() -> host.check(revision.configuration()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("runtime: 'python3.8' needs Python 3.8, but there is only 3.1.4; ");
            assertThatThrownBy(() -> host.open(revision))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageStartingWith("runtime: 'python3.8' needs Python 3.8, but ");
        }
    }

    @Test
    void a_named_interpreter_is_tried_when_the_options_are_checked() throws Exception {
        try (ProcessHost host = host(fake("node", "20.1.0"))) {
            host.checkOptions();
        }
        Path gone = folder.resolve("node");
        try (ProcessHost host = host(gone)) {
            assertThatThrownBy(host::checkOptions)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("interpreters: '" + gone + "' must be");
        }
    }
}
