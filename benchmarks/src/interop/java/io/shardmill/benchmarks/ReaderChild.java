package io.shardmill.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The part of the program that reads, in a process of its own: a command on a line of its input, an answer on a line of its output. */
final class ReaderChild {

    static final String PART = "--reader";

    private final ReaderKind kind;
    private final Endpoints endpoints;
    private final Path data;
    private @Nullable ReaderUnderTest reader;
    private Received received = new Received(ReadOrder.of("none", "none", ReadOrder.Access.POLLING, ReadOrder.Pace.DEFAULTS, 0));

    private ReaderChild(ReaderKind kind, Endpoints endpoints, Path data) {
        this.kind = kind;
        this.endpoints = endpoints;
        this.data = data;
    }

    /** @param options the kind of reader, a folder, and where to find what it needs */
    static void run(List<String> options) throws Exception {
        ReaderChild child = new ReaderChild(
                ReaderKind.valueOf(options.get(0)),
                Endpoints.parse(options.subList(2, options.size())),
                Path.of(options.get(1)));
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(child.obey(Arrays.asList(line.split(" ", -1))));
        }
        child.stop();
    }

    private String obey(List<String> words) throws Exception {
        List<String> arguments = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "read" -> read(ReadOrder.parse(arguments));
            case "await" -> "" + received.await(number(arguments, 0), number(arguments, 1), number(arguments, 2));
            case "latencies" -> join(received.takeLatencies());
            case "figures" -> received.figures().entrySet().stream()
                    .map(figure -> figure.getKey() + "=" + figure.getValue())
                    .collect(Collectors.joining(" "));
            case "sent" -> "" + RequestCount.reading(RequestCount.sent());
            case "stop" -> stop();
            default -> throw new IOException("There is no command " + words);
        };
    }

    private static int number(List<String> words, int index) {
        return Integer.parseInt(words.get(index));
    }

    private static String join(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private String read(ReadOrder order) {
        received = new Received(order);
        RequestCount.atFirstRead(received::begin);
        reader = kind.start(order, endpoints, data, received);
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
