package io.shardmill.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
        List<String> words = List.of(arguments);
        if (!words.isEmpty() && words.get(0).equals(ConsumerChild.PART)) {
            ConsumerChild.run(words.subList(1, words.size()));
            System.exit(0); // what a contestant has left running
        }
        if (!words.isEmpty() && words.get(0).equals(KafkaBroker.PART)) {
            KafkaBroker.run(words.subList(1, words.size()));
            System.exit(0);
        }
        Options options = new Options(words, "--(rounds|records)=[0-9]{1,9}|--report=.+\\.md", USAGE);
        Path target = options.report("docs/benchmarks-kafka.md");
        int rounds = options.number("rounds", 5);
        int records = options.number("records", 2_000_000);
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
}
