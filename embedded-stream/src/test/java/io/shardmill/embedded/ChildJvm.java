package io.shardmill.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another Java process with this test's class path. */
final class ChildJvm {

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    static ChildJvm start(Class<?> main, List<String> arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** One that may have so many files open. */
    static ChildJvm startWithDescriptors(int limit, Class<?> main, List<String> arguments) throws IOException {
        return start(List.of("sh", "-c", "ulimit -n " + limit + " && exec \"$@\"", "sh"), main, arguments);
    }

    private static ChildJvm start(List<String> before, Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    BufferedReader lines() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    /** Everything it says until it ends. */
    List<String> output() throws IOException, InterruptedException {
        try (BufferedReader lines = lines()) {
            List<String> all = lines.lines().toList();
            process.waitFor();
            return all;
        }
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
