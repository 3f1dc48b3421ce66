package io.shardmill.lambda.process;

import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs Python or JavaScript.
 *
 * @param program the executable itself, not a script that chooses one
 * @param version such as {@code 3.12.1} or {@code 20.20.2}
 */
record Interpreter(Path program, String version) {

    private static final long PROBE_TIMEOUT_SECONDS = 10;

    /** The status of a shell, and of what chooses a version, such as pyenv, when there is no such program. */
    private static final int NOT_FOUND = 127;

    /** Each prints the version and the executable, a line each. */
    private static final Map<Family, List<String>> PROBES = Map.of(
            Family.PYTHON,
            List.of("-IS", "-c", "import sys; print(sys.version.split()[0]); print(sys.executable)"),
            Family.NODEJS,
            List.of("-p", "process.versions.node + '\\n' + process.execPath"));

    /**
     * Asks a program what it is, as a user, in an environment that holds nothing of the server's.
     *
     * @throws IOException if it can't be run, or is not an interpreter of that language
     */
    static Interpreter of(Path program, Family family, ProcessUser user) throws IOException {
        List<String> command = new ArrayList<>(user.command());
        command.add(program.toString());
        command.addAll(PROBES.getOrDefault(family, List.of()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH", "HOME")); // what chooses a version, such as pyenv, needs them
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PROBE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it does not say its version within " + PROBE_TIMEOUT_SECONDS + " s");
            }
            String output = new String(process.getInputStream().readNBytes(4_096), StandardCharsets.UTF_8).strip();
            List<String> lines = output.lines().toList();
            if (process.exitValue() == NOT_FOUND && !lines.isEmpty()) {
                throw new IOException("nothing is installed under that name: " + lines.get(0));
            }
            if (process.exitValue() != 0 || lines.size() != 2) {
                throw new IOException("it does not say its version, but: "
                        + lines.stream().findFirst().orElse("nothing"));
            }
            return new Interpreter(Path.of(lines.get(1)), lines.get(0));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Returns whether it is of the version that a runtime names. */
    boolean fits(LambdaRuntime runtime) {
        return version.startsWith(runtime.languageVersion() + ".");
    }

    @Override
    public String toString() {
        return program + " (" + version + ")";
    }
}
