package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Measures replicas that share shards through PostgreSQL, and writes the report. */
public final class ReplicaBenchmarks {

    private static final String USAGE = "Usage: ReplicaBenchmarks [--rounds=3] [--report=docs/benchmarks-replicas.md]";

    private ReplicaBenchmarks() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = 3;
        Path target = Path.of("docs/benchmarks-replicas.md");
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            if (argument.matches("--rounds=[1-9]")) {
                rounds = Integer.parseInt(value);
            } else if (argument.matches("--report=.+\\.md")) {
                target = Path.of(value);
            } else {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
        Report report = new Report();
        try (Bench bench = new Bench(Files.createTempDirectory("shardmill-benchmarks"), rounds, Duration.ZERO);
                PostgresServer server = new PostgresServer()) {
            SharedShards shards = new SharedShards(server, bench);
            new ReplicaShares(shards).run(report);
            busy(shards, report);
            new ReplicaRates(shards).run(report);
            Files.writeString(target, report.markdown(introduction(bench), ""));
        }
        System.out.println("Written: " + target);
        System.exit(0);
    }

    private static String introduction(Bench bench) {
        return """
                # Replicas

                Written by `ReplicaBenchmarks`; do not edit. %s. Load of the machine at the end: %.1f.

                Engines that share the shards of one stream through one PostgreSQL, all on this machine and in one JVM, each with pools of
                its own. The stream is an embedded one, which costs no network. Medians of %d rounds; the smallest and the largest are in
                brackets. The time from kill -9 to the next delivery is measured by `ReplicasIT`, with processes.
                """.formatted(Machine.describe(bench.folder()), Machine.load(), bench.rounds());
    }

    /** 1,000 shards of ten lanes, each lane with a batch every second, on PostgreSQL and on H2 by turns. */
    private static void busy(SharedShards shards, Report report) throws Exception {
        List<ManyShards.Load> postgres = new ArrayList<>();
        List<ManyShards.Load> h2 = new ArrayList<>();
        List<Double> database = new ArrayList<>();
        try (EmbeddedStreams streams = shards.streams(ReplicaShares.SHARDS);
                SharingEngine tables = new SharingEngine(shards.server(), streams, jdbc -> new Meter(), 1);
                Checkpoints file = new Checkpoints(shards.bench().folder("checkpoints"))) {
            for (int round = 0; round <= shards.bench().rounds(); round++) {
                long cpu = PostgresServer.cpuNanos();
                long since = System.nanoTime();
                ManyShards.Load load = ManyShards.load(streams, tables.store());
                double share = (PostgresServer.cpuNanos() - cpu) / (double) (System.nanoTime() - since);
                ManyShards.Load onFile = ManyShards.load(streams, file.store());
                if (round > 0) { // the first warms up
                    postgres.add(load);
                    database.add(share);
                    h2.add(onFile);
                }
            }
        }
        report.section(
                "1,000 shards × 10 lanes on PostgreSQL and on H2",
                ("Each lane has a batch every second, as for G5 of the [first report](benchmarks.md). Both by turns, on %s; load of the"
                                + " machine: %.1f. CPU is in %% of one core.")
                        .formatted(LocalDate.now(ZoneOffset.UTC), Machine.load()));
        report.table(List.of(
                List.of("database", "commits/s", "rows/s", "whole process", "PostgreSQL's processes"),
                row("PostgreSQL", postgres, Samples.of(database, share -> share * 100).show("%.0f", "")),
                row("H2, a file", h2, "")));
    }

    private static List<String> row(String database, List<ManyShards.Load> rounds, String processes) {
        return List.of(
                database,
                Samples.of(rounds, ManyShards.Load::commitsPerSecond).show("%.1f", ""),
                Samples.of(rounds, ManyShards.Load::rowsPerSecond).show("%.0f", ""),
                Samples.of(rounds, load -> load.cpu() * 100).show("%.0f", ""),
                processes);
    }
}
