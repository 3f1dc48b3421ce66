package io.shardmill.examples.accountbalance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The packaged application as the Dockerfile lays it out and starts it. Docker itself is not needed. */
class ContainerIT {

    private static final Path JAR = Path.of("target", "account-balance.jar").toAbsolutePath();

    private final Image image = Image.read();

    @TempDir
    private Path folder;

    /** Runs it to its end and returns what it has printed. */
    private String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Path console = Files.createTempFile(folder, "console", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS))
                    .as("it ends; so far: %s", Files.readString(console))
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(console)).isZero();
            return Files.readString(console);
        } finally {
            process.destroyForcibly();
        }
    }

    private String tools(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("-Djarmode=tools", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    @Test
    void the_layers_of_the_jar_are_copied_and_the_entry_point_runs_them() throws IOException, InterruptedException {
        assertThat(image.layers()).isEqualTo(tools("list-layers").lines().toList());

        tools("extract", "--layers", "--destination", "layers");
        Path home = folder.resolve("home");
        for (String layer : image.layers()) {
            FileSystemUtils.copyRecursively(folder.resolve("layers").resolve(layer), home);
        }
        assertThat(image.entryPoint().get(0)).isEqualTo("java");
        List<String> entryPoint = new ArrayList<>();
        entryPoint.add("-XX:TieredStopAtLevel=1"); // compiled quickly rather than well: it lives for seconds
        image.entryPoint().stream()
                .skip(1)
                .map(argument -> argument.replace(image.home(), home.toString()))
                .forEach(entryPoint::add);
        entryPoint.addAll(List.of("--movements=2000", "--seed=42", "--exit-when-drained", "--server.port=0"));

        assertThat(run(entryPoint)).contains("RESULT seed=42 movements=2000 added=2000 accounts=100 wrong=0");
        assertThat(folder.resolve("data")).as("in the working directory").isDirectory();
    }
}
