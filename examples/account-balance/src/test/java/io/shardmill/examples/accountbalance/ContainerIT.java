package io.shardmill.examples.accountbalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The packaged application as the Dockerfile lays it out and starts it. Docker itself is not needed. */
class ContainerIT {

    private static final Path JAR = Path.of("target", "account-balance.jar").toAbsolutePath();
    private static final Image IMAGE = Image.read();
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void copyLayers() throws IOException, InterruptedException {
        tools("extract", "--layers", "--destination", "layers");
        for (String layer : IMAGE.layers()) {
            FileSystemUtils.copyRecursively(folder.resolve("layers").resolve(layer), home());
        }
    }

    private static Path home() {
        return folder.resolve("home");
    }

    private record Run(Process process, Path file) {

        static Run of(List<String> arguments) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-XX:TieredStopAtLevel=1"); // compiled quickly rather than well: it lives for seconds
            command.addAll(arguments);
            Path console = Files.createTempFile(folder, "console", ".txt");
            return new Run(
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(console.toFile())
                            .start(),
                    console);
        }

        String console() throws IOException {
            return Files.readString(file);
        }

        /** Returns what it has printed at its end. */
        String end() throws IOException, InterruptedException {
            try {
                assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .as("it ends; so far: %s", console())
                        .isTrue();
                return console();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static String tools(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("-Djarmode=tools", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Run run = Run.of(command);
        String console = run.end();
        assertThat(run.process().exitValue()).as(console).isZero();
        return console;
    }

    private static Run entryPoint(String... arguments) throws IOException {
        assertThat(IMAGE.entryPoint().get(0)).isEqualTo("java");
        List<String> command = new ArrayList<>();
        IMAGE.entryPoint().stream()
                .skip(1)
                .map(argument -> argument.replace(IMAGE.home(), home().toString()))
                .forEach(command::add);
        command.addAll(List.of("--server.port=0", "--movements=5000", "--seed=42"));
        command.addAll(List.of(arguments));
        return Run.of(command);
    }

    @Test
    void the_layers_of_the_jar_are_those_that_the_image_copies() throws IOException, InterruptedException {
        assertThat(tools("list-layers").lines().toList()).isEqualTo(IMAGE.layers());
    }

    @Test
    void the_entry_point_adds_every_movement_once_whatever_kill_9_interrupts()
            throws IOException, InterruptedException {
        Run killed = entryPoint("--shardmill.mappings.balances.batch-size=1"); // so that it takes a while
        try {
            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> {
                assertThat(killed.process().isAlive()).as(killed.console()).isTrue();
                return killed.console().contains("All are in the stream");
            });
        } finally {
            killed.process().destroyForcibly();
        }
        assertThat(killed.end()).as("killed in the middle").doesNotContain("RESULT");

        String console = entryPoint("--compare-only", "--exit-when-drained").end();
        assertThat(console).contains("RESULT seed=42 movements=5000 added=5000 accounts=100 wrong=0");
        assertThat(folder.resolve("data")).as("in the working directory").isDirectory();
    }
}
