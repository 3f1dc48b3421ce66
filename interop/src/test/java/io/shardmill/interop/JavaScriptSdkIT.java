package io.shardmill.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * AWS's SDK for JavaScript, which speaks HTTP/2 to Kinesis, opens a session for each request, and closes it gracefully as
 * soon as the response has begun. It needs {@code node} and {@code npm} on the path.
 */
@Timeout(600)
class JavaScriptSdkIT {

    private static final Path SOURCES = Path.of("src/test/js");

    @TempDir
    private Path folder;

    @Test
    void its_kinesis_client_loses_no_response_and_no_subscription() throws Exception {
        Path script = Files.createDirectories(Path.of("target/js"));
        for (String file : List.of("package.json", "package-lock.json", "kinesis.js")) {
            Files.copy(SOURCES.resolve(file), script.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(script, "npm", "ci", "--no-audit", "--no-fund");
        try (ServerProcess server = new ServerProcess(folder, "--shardmill.streams.orders.shards=1")) {
            run(script, "node", "kinesis.js", server.uri().toString(), "2000", "20");
        }
    }

    private void run(Path in, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    }
}
