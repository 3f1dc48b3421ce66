package io.shardmill.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process of its own that runs a part of this program. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    /** @param part what {@link Benchmarks} is to do there, with its arguments */
    ChildJvm(List<String> jvmOptions, String... part) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(executable());
        command.addAll(jvmOptions);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, Benchmarks.class.getName()));
        }
        command.addAll(List.of(part));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The Java that runs this program. */
    static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The next line it prints. */
    String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("The child process ended too early");
        }
        return line;
    }

    /** The last line it printed before it was killed. */
    String kill() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        String last = "";
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                last = line;
            }
        } catch (IOException closed) {
            return last; // its pipe went with it
        }
        return last;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
    }
}
