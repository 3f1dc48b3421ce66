package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Somebody else's Kinesis in a process of its own, from npm: it has splits, merges, iterators, consumers and their rules. It needs
 * {@code node} and {@code npm} on the path.
 */
public final class KinesisLocal implements AutoCloseable {

    /** Of this process: test classes run at once, and npm begins with an empty folder. */
    private static final Path FOLDER =
            Path.of("target/kinesis-local-" + ProcessHandle.current().pid());

    private static final Duration START = Duration.ofSeconds(60);

    private final int port;
    private final Process process;
    final KinesisClients clients = new KinesisClients();

    /** @param streams to begin with, such as {@code orders:4} for one of four shards */
    public KinesisLocal(String... streams) throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "package-lock.json")) {
            try (InputStream source =
                    Objects.requireNonNull(KinesisLocal.class.getResourceAsStream("/kinesis-local/" + file))) {
                Files.copy(source, FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Process install = builder("npm", "ci", "--no-audit", "--no-fund").start();
        assertThat(install.waitFor()).as("npm ci").isZero();
        port = freePort();
        ProcessBuilder server = builder("node", "node_modules/kinesis-local/main.js");
        server.environment().put("KINESIS_MOCK_CERT_PATH", "node_modules/kinesis-local/server.json");
        server.environment().put("KINESIS_MOCK_PLAIN_PORT", Integer.toString(port));
        server.environment().put("KINESIS_MOCK_TLS_PORT", Integer.toString(freePort()));
        server.environment().put("LOG_LEVEL", "ERROR");
        if (streams.length > 0) { // an empty value ends it
            server.environment().put("INITIALIZE_STREAMS", String.join(",", streams));
        }
        server.environment().put("SHARD_LIMIT", "200");
        for (String what : List.of(
                "CREATE_STREAM",
                "DELETE_STREAM",
                "SPLIT_SHARD",
                "MERGE_SHARDS",
                "REGISTER_STREAM_CONSUMER",
                "DEREGISTER_STREAM_CONSUMER")) {
            server.environment().put(what + "_DURATION", "20ms");
        }
        process = server.start();
        Awaitility.await().atMost(START).ignoreExceptions().until(() -> client().listStreams().join() != null);
    }

    private static ProcessBuilder builder(String... command) {
        return new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    KinesisLocation location() {
        return new KinesisLocation(
                Region.US_EAST_1,
                endpoint(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
                false);
    }

    KinesisAsyncClient client() {
        return clients.requests(location());
    }

    @Override
    public void close() {
        clients.close();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
