package io.shardmill.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Measures readers of Kafka topics beside each other, and writes the report. */
public final class KafkaBenchmarks {

    private static final String USAGE = """
            Usage: KafkaBenchmarks [--rounds=5] [--records=2000000] [--report=docs/benchmarks-kafka.md]
              --rounds   how often each comparison is made
              --records  of the backlog of 100 B; that of 1 KiB has half as many
              --report   the file to write, and its drawing beside it; both are replaced""";

    private static final List<KafkaBenchmark> ALL =
            List.of(new TopicBacklog(), new TopicWork(), new TopicLatency(), new TopicPoison());

    private KafkaBenchmarks() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        if (!options.isEmpty() && options.get(0).equals(ConsumerChild.PART)) {
            ConsumerChild.run(options.subList(1, options.size()));
            System.exit(0); // what a contestant has left running
        }
        if (!options.isEmpty() && options.get(0).equals(KafkaBroker.PART)) {
            KafkaBroker.run(options.subList(1, options.size()));
            System.exit(0);
        }
        if (!options.stream().allMatch(option -> option.matches("--(rounds|records)=[0-9]{1,9}|--report=.+\\.md"))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        Path target = Path.of(option(options, "report").orElse("docs/benchmarks-kafka.md"))
                .toAbsolutePath();
        if (!Files.isDirectory(target.resolveSibling("."))) {
            System.err.println("There is no folder for " + target + ": run this in the project's folder. " + USAGE);
            System.exit(2);
        }
        int rounds = option(options, "rounds").map(Integer::parseInt).orElse(5);
        int records = option(options, "records").map(Integer::parseInt).orElse(2_000_000);
        KafkaReport report = new KafkaReport();
        try (Bench bench = new Bench(Files.createTempDirectory("shardmill-benchmarks"), rounds, Duration.ZERO);
                KafkaBench kafka = KafkaBench.start(bench, records)) {
            for (KafkaBenchmark benchmark : ALL) {
                System.out.printf("%s %s%n", Instant.now(), benchmark.getClass().getSimpleName());
                benchmark.run(kafka, report);
            }
            report.write(kafka, target);
        }
        System.out.println("Written: " + target);
        System.exit(0);
    }

    private static Optional<String> option(List<String> options, String name) {
        String start = "--" + name + "=";
        return options.stream()
                .filter(option -> option.startsWith(start))
                .map(option -> option.substring(start.length()))
                .findFirst();
    }
}
