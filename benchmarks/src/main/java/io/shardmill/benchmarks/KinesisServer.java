package io.shardmill.benchmarks;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A server with Kinesis's HTTP interface, in a process of its own. */
record KinesisServer(Process process, URI uri) implements AutoCloseable {

    static final String KINESIS_LOCAL = "kinesis-local@0.6.2";

    private static final Path SHARDMILL = Path.of("server/target/shardmill-server.jar");
    private static final Path MODULES = Path.of("benchmarks/target/kinesis-local");
    private static final Pattern PORT = Pattern.compile("are served on http://127\\.0\\.0\\.1:(\\d+)");

    /** The packaged server, on an empty folder. */
    static KinesisServer shardmill(Bench bench, String... options) throws IOException, InterruptedException {
        if (!Files.exists(SHARDMILL)) {
            throw new IllegalStateException("There is no " + SHARDMILL + ": run this in the project's folder");
        }
        List<String> command = new ArrayList<>(List.of(
                ChildJvm.executable(),
                "-Xmx512m",
                "-jar",
                SHARDMILL.toAbsolutePath().toString(),
                "--server.port=0",
                "--shardmill.data-dir=data"));
        command.addAll(List.of(options));
        // In a folder of its own: where it is started, it looks for its configuration.
        Path folder = bench.folder("server");
        Path console = Files.createFile(folder.resolve("console.txt"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
        return started(
                process,
                () -> PORT.matcher(Files.readString(console))
                        .results()
                        .findFirst()
                        .map(port -> URI.create("http://127.0.0.1:" + port.group(1))));
    }

    /** npm's kinesis-local, which npm installs into the build's folder; empty where that can't be done. */
    static Optional<KinesisServer> kinesisLocal() throws IOException, InterruptedException {
        Files.createDirectories(MODULES);
        Path installed = MODULES.resolve("node_modules/kinesis-local");
        try {
            Process npm = new ProcessBuilder("npm", "install", "--no-save", "--prefix", "" + MODULES, KINESIS_LOCAL)
                    .inheritIO()
                    .start();
            if (npm.waitFor() != 0) {
                return Optional.empty();
            }
        } catch (IOException noNpm) {
            return Optional.empty();
        }
        int port = freePort();
        ProcessBuilder builder =
                new ProcessBuilder("node", installed.resolve("main.js").toString());
        builder.environment()
                .putAll(Map.of(
                        "KINESIS_MOCK_CERT_PATH",
                                installed.resolve("server.json").toString(),
                        "KINESIS_MOCK_PLAIN_PORT", "" + port,
                        "KINESIS_MOCK_TLS_PORT", "" + freePort(),
                        "CREATE_STREAM_DURATION", "50ms",
                        "DELETE_STREAM_DURATION", "50ms",
                        "SHARD_LIMIT", "1000",
                        "LOG_LEVEL", "ERROR"));
        URI uri = URI.create("http://127.0.0.1:" + port);
        return Optional.of(started(
                builder.inheritIO().start(),
                () -> healthy(uri.resolve("/healthcheck")) ? Optional.of(uri) : Optional.empty()));
    }

    private interface Probe {
        Optional<URI> ready() throws IOException;
    }

    private static KinesisServer started(Process process, Probe probe) throws IOException, InterruptedException {
        while (process.isAlive()) {
            Optional<URI> uri = probe.ready();
            if (uri.isPresent()) {
                return new KinesisServer(process, uri.get());
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("A server ends by itself: " + process.info());
    }

    private static boolean healthy(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
