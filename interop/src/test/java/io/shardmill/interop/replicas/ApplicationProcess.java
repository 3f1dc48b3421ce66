package io.shardmill.interop.replicas;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An application in a process of its own. Closing kills it. */
class ApplicationProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final Path console;
    private final Process process;

    /** @param folder in which it runs; made if it is missing */
    ApplicationProcess(String name, Path folder, Class<?> application, List<String> arguments) {
        this.name = name;
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
                application.getName(),
                "--replica=" + name,
                "--spring.main.keep-alive=true",
                "--spring.main.banner-mode=off",
                "--logging.level.io.shardmill=info"));
        command.addAll(arguments);
        try {
            Files.createDirectories(folder);
            this.process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()))
                    .start();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    final String name() {
        return name;
    }

    final void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended: " + console());
        }
    }

    /** What it has printed. */
    final String console() {
        try {
            return Files.readString(console);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** SIGKILL; returns when it is dead. */
    final void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns when it has ended. */
    final void terminate() {
        process.destroy();
        awaitEnd();
    }

    void awaitEnd() {
        await("the end of " + name).atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Stands still until {@link #goOn()}. */
    final void standStill() {
        signal("-STOP");
    }

    final void goOn() {
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
    public final void close() {
        kill();
    }
}
