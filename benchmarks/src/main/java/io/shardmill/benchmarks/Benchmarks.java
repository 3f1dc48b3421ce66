package io.shardmill.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Measures everything and writes the report. */
public final class Benchmarks {

    static final String COMMAND = "java -jar benchmarks/target/benchmarks.jar";

    private static final String USAGE = """
            Usage: java -jar benchmarks.jar [--rounds=5] [--millis=2000] [--only=G1,G4] [--report=docs/benchmarks.md]
              --rounds  how often each comparison is made
              --millis  how long one run of one side takes at least
              --only    measures what these targets need
              --report  the file to write; it is replaced""";

    private static final String UNTIMED = """
            | G6 | after kill -9 no checkpoint lost that was acknowledged as durable | tested, not measured: `KilledProcessTest`, `KillTest` | |
            """;

    private static final List<Benchmark> ALL = List.of(
            new BacklogReplay(),
            new KeyedLanes(),
            new Latency(),
            new ManyShards(),
            new DurablePut(),
            new Reopen(),
            new Trim(),
            new IdleShards(),
            new PoisonShard(),
            new Bisect(),
            new FilterCost(),
            new LambdaInvocation(),
            new LambdaColdStart(),
            new StartUp(),
            new EndpointThroughput(),
            new EndpointPuts());

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        // Connections that a client keeps: 5 by default, fewer than it has threads.
        System.setProperty("http.maxConnections", "100");
        List<String> words = List.of(arguments);
        if (words.size() == 2 && words.get(0).equals(Reopen.CHILD)) {
            Reopen.putForEver(Path.of(words.get(1)));
        }
        if (words.size() == 3 && words.get(0).equals(IdleShards.CHILD)) {
            IdleShards.watch(Path.of(words.get(1)), Integer.parseInt(words.get(2)));
            return;
        }
        Options options = new Options(words, "--(rounds|millis)=[0-9]+|--(only|report)=.+", USAGE);
        Path target = options.report("docs/benchmarks.md");
        List<String> only =
                options.value("only").map(names -> List.of(names.split(","))).orElse(List.of());
        Report report = new Report();
        try (Bench bench = new Bench(
                Files.createTempDirectory("shardmill-benchmarks"),
                options.number("rounds", 5),
                Duration.ofMillis(options.number("millis", 2_000)))) {
            for (Benchmark benchmark : ALL) {
                if (only.isEmpty() || benchmark.targets().stream().anyMatch(only::contains)) {
                    benchmark.run(bench, report);
                }
            }
            Files.writeString(target, report.markdown(introduction(bench), UNTIMED));
        }
        System.out.println("Written: " + target);
    }

    private static String introduction(Bench bench) {
        return """
                # Benchmarks

                Written by `%s`; do not edit. %s.

                Medians of %d interleaved rounds (A, B, A, B, ...); the smallest and the largest round are in brackets.
                A ratio is the median of the rounds' own ratios, so that whatever else the machine does hits both sides.
                The embedded stream has no network: set ratios, not rates, beside those of other systems.
                """.formatted(COMMAND, Machine.describe(bench.folder()), bench.rounds());
    }
}
