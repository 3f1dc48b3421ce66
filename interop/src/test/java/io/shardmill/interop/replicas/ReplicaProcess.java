package io.shardmill.interop.replicas;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link ReplicaApplication} in a process of its own, with a way to the database that can be blocked. Closing kills it. */
final class ReplicaProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final SwallowingProxy database;
    private final Path console;
    private final Process process;

    /** @param folder for its files; made if it is missing */
    ReplicaProcess(String name, Path folder, int databasePort, List<String> arguments) {
        this.name = name;
        this.database = new SwallowingProxy(databasePort);
        this.console = folder.resolve("console.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Compiled quickly rather than well: it lives for seconds.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Daws.accessKeyId=anybody",
                "-Daws.secretAccessKey=anything",
                "-cp",
                System.getProperty("java.class.path"),
                ReplicaApplication.class.getName(),
                "--replica=" + name,
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + database.port()
                        + "/postgres?socketTimeout=10"));
        command.addAll(arguments);
        try {
            Files.createDirectories(folder);
            this.process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(console.toFile())
                    .start();
        } catch (IOException unable) {
            database.close();
            throw new UncheckedIOException(unable);
        }
    }

    String name() {
        return name;
    }

    SwallowingProxy database() {
        return database;
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended: " + console());
        }
    }

    /** What it has printed. */
    String console() {
        try {
            return Files.readString(console);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** SIGKILL; returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns when it has ended. */
    void terminate() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        await("the end of " + name).atMost(PATIENCE).until(() -> !process.isAlive());
        database.close();
    }

    /** Stands still until {@link #goOn()}. */
    void standStill() {
        signal("-STOP");
    }

    void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill " + signal + " " + process.pid())
                    .inheritIO()
                    .start();
            if (kill.onExit().join().exitValue() != 0) {
                throw new AssertionError("kill " + signal + " of " + name);
            }
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
