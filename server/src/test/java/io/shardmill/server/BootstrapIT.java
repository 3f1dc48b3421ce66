package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A function that is a shell script, in the packaged server, beside one that is not there. */
@Timeout(300)
class BootstrapIT {

    /** Speaks the Runtime API by nothing but bash: no curl, no Python. */
    private static final String BOOTSTRAP = """
            #!/bin/bash
            host=${AWS_LAMBDA_RUNTIME_API%%:*}
            port=${AWS_LAMBDA_RUNTIME_API##*:}
            while true; do
              exec 3<>"/dev/tcp/$host/$port"
              printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' \\
                "$AWS_LAMBDA_RUNTIME_API" >&3
              id='' length=0
              while IFS= read -r line <&3 && line=${line%$'\\r'} && [ -n "$line" ]; do
                case "${line,,}" in
                  lambda-runtime-aws-request-id:*) id=${line#*: } ;;
                  content-length:*) length=${line#*: } ;;
                esac
              done
              LC_ALL=C read -r -N "$length" event <&3
              exec 3>&-
              echo "VERSION $GREETING $_HANDLER: ${#event} bytes, no secret: ${HOST_SECRET-none}"
              exec 3<>"/dev/tcp/$host/$port"
              answer='{"batchItemFailures":[]}'
              printf 'POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \\
                "$id" "$AWS_LAMBDA_RUNTIME_API" "${#answer}" "$answer" >&3
              cat <&3 >/dev/null
              exec 3>&-
            done
            """;

    @TempDir
    private Path folder;

    private void code(String version) throws IOException {
        Path aside = Files.writeString(folder.resolve("bootstrap.new"), BOOTSTRAP.replace("VERSION", version));
        assertThat(aside.toFile().setExecutable(true)).isTrue();
        Path code = Files.createDirectories(folder.resolve("code"));
        Files.move(aside, code.resolve("bootstrap"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void a_script_is_a_function_and_its_new_code_is_run_without_a_restart() throws Exception {
        code("first");
        try (EmbeddedStreams streams =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve("data/streams")))) {
            streams.ensureStream("orders", StreamOptions.ofShards(1));
            streams.put("orders", PutEntry.of("alice", "tea"));
        }
        try (ServerProcess server = new ServerProcess(
                folder,
                "--shardmill.mappings.script.stream=orders",
                "--shardmill.functions.script.code=code",
                "--shardmill.functions.script.runtime=provided.al2023",
                "--shardmill.functions.script.handler=some.handler",
                "--shardmill.functions.script.environment.GREETING=hello",
                "--shardmill.mappings.missing.stream=orders",
                "--shardmill.functions.missing.code=nowhere.jar",
                "--shardmill.functions.missing.handler=com.acme.Handler")) {
            server.awaitOnConsole("first hello some.handler: ");
            assertThat(server.console())
                    .contains("shardmill.functions.missing.code: nowhere.jar does not exist")
                    .contains("no secret: none");

            code("second");
            server.awaitUntil(
                    "the new code", () -> server.console().split("Function 'script' runs the code of", -1).length == 3);
            server.replay("script");
            server.awaitOnConsole("second hello some.handler: ");
        }
    }
}
