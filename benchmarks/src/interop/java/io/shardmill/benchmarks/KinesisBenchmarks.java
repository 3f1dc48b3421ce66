package io.shardmill.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Measures mappings of Kinesis streams beside AWS's Kinesis Client Library, and writes the report. */
public final class KinesisBenchmarks {

    private static final String USAGE = """
            Usage: java -jar benchmarks-kinesis.jar [--rounds=2] [--report=docs/benchmarks-kinesis.md]
              --rounds  how often each comparison is made
              --report  the file to write, and its drawing beside it; both are replaced""";

    private static final List<ReaderBenchmark> ALL = List.of(
            new BacklogBesideLibrary(),
            new LatencyBesideLibrary(),
            new StartBesideLibrary(),
            new FailureBesideLibrary());

    private KinesisBenchmarks() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        if (!words.isEmpty() && words.get(0).equals(ReaderChild.PART)) {
            ReaderChild.run(words.subList(1, words.size()));
            System.exit(0); // what a reader has left running
        }
        if (words.equals(List.of(LeaseTables.PART))) {
            LeaseTables.run();
            System.exit(0);
        }
        Options options = new Options(words, "--rounds=[0-9]+|--report=.+\\.md", USAGE);
        Path target = options.report("docs/benchmarks-kinesis.md");
        int rounds = options.number("rounds", 2);
        KinesisReport report = new KinesisReport();
        try (Bench bench = new Bench(Files.createTempDirectory("shardmill-benchmarks"), rounds, Duration.ZERO)) {
            measure(bench, report);
            report.write(bench, target);
        }
        System.out.println("Written: " + target);
        System.exit(0);
    }

    private static void measure(Bench bench, KinesisReport report) throws Exception {
        KinesisPrograms programs = KinesisPrograms.of(bench);
        try (LeaseTables leases = programs.leaseTables()) {
            try (KinesisServer server = KinesisServer.shardmill(bench)) {
                measure(bench, programs, leases, server, "Shardmill's endpoint", report);
            }
            Optional<KinesisServer> local = KinesisServer.kinesisLocal();
            if (local.isEmpty()) {
                report.section("kinesis-local", "npm could not install it: nothing was measured there.");
                return;
            }
            try (KinesisServer server = local.get()) {
                measure(bench, programs, leases, server, "kinesis-local", report);
            }
        }
    }

    private static void measure(
            Bench bench,
            KinesisPrograms programs,
            LeaseTables leases,
            KinesisServer server,
            String name,
            KinesisReport report)
            throws Exception {
        boolean isLocal = name.equals("kinesis-local");
        try (KinesisFeed feed = new KinesisFeed(server.uri())) {
            Endpoints endpoints = new Endpoints(server.uri(), leases.uri(), !isLocal);
            for (ReaderBenchmark benchmark : ALL) {
                System.out.printf("%s %s on %s%n", Instant.now(), benchmark.getClass().getSimpleName(), name);
                benchmark.run(new KinesisBench(bench, programs, name, endpoints, feed, isLocal), report);
            }
        }
    }
}
