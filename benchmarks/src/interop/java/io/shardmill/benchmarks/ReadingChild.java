package io.shardmill.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A reader in a process of its own: a command on a line of its input, an answer on a line of its output. */
abstract class ReadingChild {

    private @Nullable AutoCloseable reader;

    /** Starts to read what the order says; what was counted before is forgotten. */
    abstract AutoCloseable start(List<String> order);

    /** Returns what was counted of the last order. */
    abstract ReadCounts counts();

    /** Waits for what the numbers say; returns whether it has come. */
    abstract boolean await(List<Integer> numbers) throws InterruptedException;

    /** Obeys a command that not all readers know. */
    String obey(String command) throws IOException {
        throw new IOException("There is no command " + command);
    }

    /** Obeys until the input ends. */
    final void serve() throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(answer(Arrays.asList(line.split(" ", -1))));
        }
        stop();
    }

    private String answer(List<String> words) throws Exception {
        List<String> arguments = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "read" -> read(arguments);
            case "await" -> "" + await(arguments.stream().map(Integer::valueOf).toList());
            case "latencies" -> counts().takeLatencies().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" "));
            case "figures" -> counts().figures().entrySet().stream()
                    .map(figure -> figure.getKey() + "=" + figure.getValue())
                    .collect(Collectors.joining(" "));
            case "stop" -> stop();
            default -> obey(words.get(0));
        };
    }

    private String read(List<String> order) {
        reader = start(order);
        return "reads";
    }

    private String stop() throws Exception {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        return "stopped";
    }
}
