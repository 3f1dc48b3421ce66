package io.shardmill.benchmarks;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** Measures mappings of Kinesis streams beside AWS's Kinesis Client Library, and writes the report. */
public final class KinesisBenchmarks {

    private KinesisBenchmarks() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        if (!options.isEmpty() && options.get(0).equals(ReaderChild.PART)) {
            ReaderChild.run(options.subList(1, options.size()));
            System.exit(0);
        }
        if (options.equals(List.of(LeaseTables.PART))) {
            LeaseTables.run();
            System.exit(0);
        }
        try (Bench bench = new Bench(Files.createTempDirectory("shardmill-benchmarks"), 1, Duration.ofSeconds(1))) {
            KinesisPrograms programs = KinesisPrograms.of(bench);
            try (LeaseTables leases = programs.leaseTables();
                    KinesisServer server = KinesisServer.shardmill(bench);
                    KinesisFeed feed = new KinesisFeed(server.uri())) {
                Endpoints endpoints = new Endpoints(server.uri(), leases.uri(), true);
                String arn = feed.createWithBacklog("one", 1, 100_000);
                for (ReaderKind kind : ReaderKind.values()) {
                    for (ReadOrder.Pace pace : ReadOrder.Pace.values()) {
                    long start = System.nanoTime();
                    try (ReaderProcess reader = programs.reader(kind, bench.folder("data"), endpoints)) {
                        reader.read(ReadOrder.of("a" + pace, arn, ReadOrder.Access.POLLING, pace, 100_000));
                        System.out.println(kind + " " + pace + " first " + reader.await(0, 1, 150_000) + " " + (System.nanoTime() - start) / 1e9);
                        System.out.println(reader.await(0, 100_000, 60_000) + " " + (System.nanoTime() - start) / 1e9);
                        ReadFigures figures = reader.figures();
                        System.out.println(figures + " " + figures.recordsPerSecond() + " " + figures.cpuMicrosPerRecord());
                        reader.end();
                        System.out.println((System.nanoTime() - start) / 1e9);
                    }
                    }
                }
            }
        }
    }
}
