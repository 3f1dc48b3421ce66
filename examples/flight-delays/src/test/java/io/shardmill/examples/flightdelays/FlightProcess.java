package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The example in a process of its own. Closing kills it. */
final class FlightProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 600;

    private final Process process;
    private final Path console;

    private FlightProcess(Path folder, List<String> program, List<String> arguments) {
        try {
            this.console = Files.createTempFile(folder, "console", ".txt");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            // Compiled quickly rather than well: each process lives for seconds.
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
            command.addAll(program);
            command.addAll(arguments);
            this.process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(console.toFile())
                    .start();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    /** The packaged application. */
    static FlightProcess ofJar(Path folder, String... arguments) {
        Path jar = Path.of("target", "flight-delays.jar").toAbsolutePath();
        assertThat(jar).as("the packaged application").exists();
        return new FlightProcess(folder, List.of("-jar", jar.toString(), "--server.port=0"), List.of(arguments));
    }

    /** The application on the class path of the tests. */
    static FlightProcess ofClass(Class<?> main, Path folder, String... arguments) {
        return new FlightProcess(
                folder, List.of("-cp", System.getProperty("java.class.path"), main.getName()), List.of(arguments));
    }

    /** The application on the class path of the tests, which has the connector, with any credentials. */
    static FlightProcess onKinesis(URI endpoint, String stream, Path folder, String... arguments) {
        List<String> program = List.of(
                "-Daws.accessKeyId=any",
                "-Daws.secretAccessKey=any",
                "-Daws.region=us-east-1",
                "-cp",
                System.getProperty("java.class.path"),
                FlightDelaysApplication.class.getName(),
                "--server.port=0",
                "--shardmill.streams.flights.kinesis=" + stream,
                "--shardmill.aws.kinesis.endpoint=" + endpoint);
        return new FlightProcess(folder, program, List.of(arguments));
    }

    /** The application on the class path of the tests, which has the connector. */
    static FlightProcess onKafka(String bootstrapServers, String topic, Path folder, String... arguments) {
        List<String> program = List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FlightDelaysApplication.class.getName(),
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--shardmill.streams.flights.kafka.topic=" + topic);
        return new FlightProcess(folder, program, List.of(arguments));
    }

    String console() {
        try {
            return Files.readString(console);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Waits until the console shows it, and returns its first group. */
    String awaitOnConsole(Pattern pattern) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> {
            Matcher found = pattern.matcher(console());
            assertThat(found.find() || process.isAlive()).as(this::console).isTrue();
            return found.reset().find();
        });
        Matcher found = pattern.matcher(console());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** Waits for its end and returns the exit code. */
    int awaitExit() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("it ends; so far: %s", console())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL; returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** The last line that is for machines. */
    String result() {
        return console()
                .lines()
                .filter(line -> line.startsWith("RESULT"))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no RESULT in " + console()));
    }

    @Override
    public void close() {
        kill();
    }
}
