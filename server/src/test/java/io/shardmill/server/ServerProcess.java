package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged server in a process of its own. Closing kills it. */
public final class ServerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern PORT = Pattern.compile("are served on (https?)://127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path console;
    private final Path temporary;

    /** @param folder its working directory, with its data in {@code data} */
    public ServerProcess(Path folder, String... arguments) {
        this(256, folder, arguments);
    }

    /** @param heap in MiB */
    ServerProcess(int heap, Path folder, String... arguments) {
        Path jar = Path.of("../server/target/shardmill-server.jar")
                .toAbsolutePath()
                .normalize();
        assertThat(jar).as("the packaged server").exists();
        this.temporary = folder.resolve("tmp");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Compiled quickly rather than well: it lives for seconds.
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heap + "m",
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                jar.toString(),
                "--server.port=0",
                "--shardmill.data-dir=./data"));
        command.addAll(List.of(arguments));
        try {
            Files.createDirectories(temporary);
            this.console = Files.createTempFile(folder, "console", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment()
                    .putAll(Map.of(
                            "HOST_SECRET", "is not a function's business",
                            "AWS_ACCESS_KEY_ID", "for destinations that ask for nothing",
                            "AWS_SECRET_ACCESS_KEY", "anything"));
            this.process = builder.directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(console.toFile())
                    .start();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    /** Returns what it takes for the system's temporary directory. */
    Path temporaryFolder() {
        return temporary;
    }

    public String console() {
        try {
            return Files.readString(console);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Waits until it is so, as long as the server lives. */
    public void awaitUntil(String what, BooleanSupplier condition) {
        awaitUntil(what, PATIENCE, condition);
    }

    void awaitUntil(String what, Duration patience, BooleanSupplier condition) {
        await(what).atMost(patience).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(process.isAlive()).as(this::console).isTrue();
            return condition.getAsBoolean();
        });
    }

    public void awaitOnConsole(String text) {
        awaitUntil(text, () -> console().contains(text));
    }

    /** Where it is served, as soon as it is. */
    public URI uri() {
        awaitUntil("a port", () -> PORT.matcher(console()).find());
        Matcher port = PORT.matcher(console());
        assertThat(port.find()).isTrue();
        return URI.create(port.group(1) + "://127.0.0.1:" + port.group(2));
    }

    /** Tells a mapping to do it all again. */
    void replay(String mapping) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/actuator/shardmill/" + mapping))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\": \"replay\", \"from\": \"TRIM_HORIZON\"}"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** Every process below it. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** Waits until it has ended by itself, and returns its status. */
    int awaitExit() {
        await("its end").atMost(PATIENCE).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** SIGKILL; returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
