package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** E1: AWS's SDK puts records into the packaged server and reads them back, beside npm's kinesis-local. */
final class EndpointThroughput implements Benchmark {

    private static final String PUT = "put";
    private static final String PUT_LOCAL = "put, kinesis-local";
    private static final String GET = "get";
    private static final String GET_LOCAL = "get, kinesis-local";

    @Override
    public List<String> targets() {
        return List.of("E1");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        double load = Machine.load();
        Optional<KinesisServer> local = KinesisServer.kinesisLocal();
        try (KinesisServer server = KinesisServer.shardmill(bench)) {
            if (local.isPresent()) {
                try (KinesisServer other = local.get()) {
                    measure(bench, report, load, server, Optional.of(other));
                }
            } else {
                measure(bench, report, load, server, Optional.empty());
            }
        }
    }

    private static void measure(
            Bench bench, Report report, double load, KinesisServer server, Optional<KinesisServer> local)
            throws Exception {
        Map<String, Side> sides = new LinkedHashMap<>();
        try (KinesisLoad here = new KinesisLoad(server)) {
            sides.put(PUT, here::putNanos);
            sides.put(GET, here::getNanos);
            if (local.isEmpty()) {
                section(report, load, KinesisServer.KINESIS_LOCAL + " is missing: npm could not install it.");
                report.table(table(rounds(bench, sides)));
                return;
            }
            try (KinesisLoad there = new KinesisLoad(local.get())) {
                sides.put(PUT_LOCAL, there::putNanos);
                sides.put(GET_LOCAL, there::getNanos);
                section(report, load, "Beside it " + KinesisServer.KINESIS_LOCAL + ", in memory.");
                report.table(table(rounds(bench, sides)));
            }
        }
    }

    private static List<Round> rounds(Bench bench, Map<String, Side> sides) throws Exception {
        Round.of(sides, bench.run());
        return bench.rounds(() -> Round.of(sides, bench.run()));
    }

    private static void section(Report report, double load, String beside) {
        report.section(
                "Throughput of the Kinesis endpoint",
                ("E1, without a goal. Records of 1 KiB a second through HTTP, with AWS's SDK for Java in its default settings"
                                + " (CBOR) over HttpURLConnection. Put: %d threads, PutRecords of %d, %,d records into a new stream"
                                + " of four shards. Get: the same records, GetRecords with the default limit, a thread a shard."
                                + " The packaged server with its default durability, in a JVM of its own with 512 MB of heap; its"
                                + " clients are on the same machine. %s Load of the machine before: %.1f.")
                        .formatted(KinesisLoad.CLIENTS, KinesisLoad.BATCH, KinesisLoad.RECORDS, beside, load));
    }

    private static List<List<String>> table(List<Round> rounds) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "Shardmill", "kinesis-local", "ratio"));
        table.add(row(rounds, PUT, PUT_LOCAL));
        table.add(row(rounds, GET, GET_LOCAL));
        return table;
    }

    private static List<String> row(List<Round> rounds, String here, String there) {
        boolean both = rounds.get(0).sides().contains(there);
        return List.of(
                here,
                rate(rounds, here),
                both ? rate(rounds, there) : "-",
                both ? Round.ratio(rounds, here, there).show("%.0f", "") : "-");
    }

    private static String rate(List<Round> rounds, String side) {
        return Samples.of(rounds, round -> KinesisLoad.RECORDS * 1e9 / round.nanos(side))
                .show("%,.0f", "");
    }
}
