package io.shardmill.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
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
    private final BufferedWriter input;

    /** @param part what {@link Benchmarks} is to do there, with its arguments */
    ChildJvm(List<String> jvmOptions, String... part) throws IOException {
        this(jvmOptions, program(), List.of(part));
    }

    /**
     * @param program the class path and the main class, or the jar
     * @param part what the program is to do, with its arguments
     */
    ChildJvm(List<String> jvmOptions, List<String> program, List<String> part) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(executable());
        command.addAll(jvmOptions);
        command.addAll(program);
        command.addAll(part);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    private static List<String> program() {
        String classPath = System.getProperty("java.class.path");
        return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
                ? List.of("-jar", classPath)
                : List.of("-cp", classPath, Benchmarks.class.getName());
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

    /** Writes a line to its input. */
    void say(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** Ends its input, and waits for its own end. */
    void end() throws IOException, InterruptedException {
        input.close();
        process.waitFor();
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
