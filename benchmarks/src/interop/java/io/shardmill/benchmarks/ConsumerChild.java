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

/** A contestant in a process of its own: a command on a line of its input, an answer on a line of its output. */
final class ConsumerChild {

    static final String PART = "--consumer";

    private final ContestantKind kind;
    private final Path data;
    private @Nullable Contestant contestant;
    private Consumed consumed = new Consumed(ConsumeOrder.of("none", "none", "none", 1, 0));

    private ConsumerChild(ContestantKind kind, Path data) {
        this.kind = kind;
        this.data = data;
    }

    /** @param options the kind of contestant, and a folder */
    static void run(List<String> options) throws Exception {
        ConsumerChild child = new ConsumerChild(ContestantKind.valueOf(options.get(0)), Path.of(options.get(1)));
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
            case "consume" -> consume(ConsumeOrder.parse(arguments));
            case "await" -> "" + consumed.await(
                    Integer.parseInt(arguments.get(0)), Integer.parseInt(arguments.get(1)));
            case "latencies" -> consumed.takeLatencies().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" "));
            case "figures" -> consumed.figures().entrySet().stream()
                    .map(figure -> figure.getKey() + "=" + figure.getValue())
                    .collect(Collectors.joining(" "));
            case "stop" -> stop();
            default -> throw new IOException("There is no command " + words);
        };
    }

    private String consume(ConsumeOrder order) {
        consumed = new Consumed(order);
        contestant = kind.start(order, consumed, data);
        return "consumes";
    }

    private String stop() throws Exception {
        if (contestant != null) {
            contestant.close();
            contestant = null;
        }
        return "stopped";
    }
}
