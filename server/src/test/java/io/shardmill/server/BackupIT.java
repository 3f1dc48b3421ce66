package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The packaged server is backed up over HTTP, killed, and restored by its command. */
@Timeout(300)
class BackupIT {

    private static final String ORDERS = "--shardmill.streams.orders.shards=2";

    @TempDir
    private Path folder;

    private record Ended(int code, String output) {}

    private Ended restore(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("../server/target/shardmill-server.jar")
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
                "restore"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static HttpResponse<String> backup(ServerProcess server, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/actuator/shardmillbackup"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void what_was_acknowledged_before_a_backup_is_there_after_a_kill_and_a_restore() throws Exception {
        int acknowledged;
        try (ServerProcess server = new ServerProcess(folder, ORDERS)) {
            try (GoodClient client = new GoodClient(server.uri())) {
                server.awaitUntil("some records", () -> client.acknowledged() > 300);
                acknowledged = client.acknowledged();
                HttpResponse<String> response = backup(server, "{\"name\": \"one\"}");
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                assertThat(response.body()).contains("\"COMPLETE\"").contains("backups/one");
                server.awaitUntil("more records", () -> client.acknowledged() > acknowledged + 50);
            }
            assertThat(backup(server, "{\"name\": \"../data/one\"}").statusCode())
                    .isEqualTo(400);
            assertThat(backup(server, "{\"name\": \"one\"}").statusCode()).isEqualTo(400);
            server.kill();
        }
        assertThat(restore("--from=backups/one", "--shardmill.data-dir=./data")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.output()).contains("Not restored: ").contains("is restored into an empty folder");
        });
        FileSystemUtils.deleteRecursively(folder.resolve("data"));

        assertThat(restore("--from=backups/one", "--shardmill.data-dir=./data")).satisfies(restored -> {
            assertThat(restored.code()).as(restored.output()).isZero();
            assertThat(restored.output()).startsWith("Restored ").contains("No mapping has records left to deliver.");
        });
        try (ServerProcess server = new ServerProcess(folder, ORDERS);
                GoodClient client = new GoodClient(server.uri())) {
            server.awaitUntil("new records", () -> client.acknowledged() > 5);
            assertThat(client.readAll())
                    .containsAll(IntStream.range(0, acknowledged).boxed().toList());
        }
        assertThat(Files.exists(folder.resolve("data/restore"))).isFalse();
    }

    @Test
    void the_command_says_what_it_needs() throws Exception {
        assertThat(restore()).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.output()).startsWith("from: missing; write restore --from=");
        });
    }
}
