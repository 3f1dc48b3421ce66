package io.shardmill.interop;

import io.shardmill.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * AWS's own tutorials of functions on a Kinesis stream, in Python and JavaScript: configured as a folder, and created by the
 * AWS CLI from a zip. They are run by the interpreters of this machine, whatever their versions are.
 */
@Timeout(600)
class ScriptFunctionsIT {

    private static final Path FUNCTIONS = Path.of("src/test/functions").toAbsolutePath();

    @TempDir
    private Path folder;

    private AwsCli cli;

    @BeforeEach
    void configure() throws IOException {
        cli = new AwsCli(folder);
    }

    private ServerProcess server(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--shardmill.streams.orders.shards=1";
        all[1] = "--shardmill.allow-other-interpreter-versions=true";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return new ServerProcess(folder, all);
    }

    @Test
    void folders_are_functions() {
        try (ServerProcess server = server(
                "--shardmill.mappings.python.stream=orders",
                "--shardmill.functions.python.code=" + FUNCTIONS.resolve("python"),
                "--shardmill.functions.python.runtime=python3.12",
                "--shardmill.functions.python.handler=lambda_function.lambda_handler",
                "--shardmill.mappings.node.stream=orders",
                "--shardmill.functions.node.code=" + FUNCTIONS.resolve("node"),
                "--shardmill.functions.node.runtime=nodejs22.x",
                "--shardmill.functions.node.handler=index.handler")) {
            cli.run(server.uri(), "kinesis put-record --stream-name orders --partition-key alice --data tea");
            awaitBoth(server);
        }
    }

    @Test
    void zips_are_functions() throws IOException {
        zip("python.zip", FUNCTIONS.resolve("python/lambda_function.py"));
        zip("node.zip", FUNCTIONS.resolve("node/index.js"));
        try (ServerProcess server = server()) {
            create(server, "python", "python3.13", "lambda_function.lambda_handler");
            create(server, "node", "nodejs24.x", "index.handler");
            cli.run(server.uri(), "kinesis put-record --stream-name orders --partition-key alice --data tea");
            awaitBoth(server);
        }
    }

    private void create(ServerProcess server, String name, String runtime, String handler) {
        cli.run(
                server.uri(),
                String.join(
                        " ",
                        List.of(
                                "lambda create-function --timeout 30 --role arn:aws:iam::000000000000:role/any",
                                "--function-name " + name,
                                "--runtime " + runtime,
                                "--handler " + handler,
                                "--zip-file fileb://" + name + ".zip")));
        cli.run(
                server.uri(),
                "lambda create-event-source-mapping --starting-position TRIM_HORIZON --function-name " + name
                        + " --event-source-arn arn:aws:kinesis:us-east-1:000000000000:stream/orders");
    }

    private static void awaitBoth(ServerProcess server) {
        server.awaitOnConsole(" Record Data: tea"); // Python's print
        server.awaitOnConsole("\tINFO\tRecord Data: tea"); // JavaScript's console
        server.awaitOnConsole(" Successfully processed 1 records.");
        server.awaitOnConsole("\tINFO\tSuccessfully processed 1 records.");
    }

    private void zip(String name, Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
            Files.copy(file, zip);
        }
    }
}
