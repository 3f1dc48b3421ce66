package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** K1, K4, K5: a backlog from TRIM_HORIZON, its rate, its processor time and its requests. */
final class BacklogBesideLibrary implements ReaderBenchmark {

    private static final int WARM_UP = 20_000;

    private record Backlog(int shards, int records, int slowRecords) {}

    private static final List<Backlog> BACKLOGS = List.of(new Backlog(1, 100_000, 1_000), new Backlog(64, 1_280_000, 6_400));

    @Override
    public void run(KinesisBench bench, KinesisReport report) throws Exception {
        report.section(
                "Backlog" + bench.on(),
                "K1, K4, K5. From the first request for records to the end of the last batch, in a JVM that has read before: records a"
                        + " second, processor time of the reader's process, and requests for a thousand records, to Kinesis and to"
                        + " the lease table. The records are spread evenly over the shards.");
        Map<Contender, ReaderProcess> readers = new LinkedHashMap<>();
        try {
            for (Contender contender : Contender.POLLING) {
                readers.put(contender, bench.reader(contender));
            }
            warmUp(bench, readers);
            for (Backlog backlog : BACKLOGS) {
                measure(bench, report, readers, backlog);
            }
        } finally {
            for (ReaderProcess reader : readers.values()) {
                reader.close();
            }
        }
    }

    /** All at once: the Kinesis Client Library takes its time until it begins. */
    private static void warmUp(KinesisBench bench, Map<Contender, ReaderProcess> readers) throws Exception {
        int records = bench.isSlow() ? 100 : WARM_UP;
        String arn = bench.feed().createWithBacklog(bench.name("warm-up"), 1, records);
        for (Map.Entry<Contender, ReaderProcess> reader : readers.entrySet()) {
            reader.getValue().read(reader.getKey().order(bench.name("warm-up"), arn, records));
        }
        for (ReaderProcess reader : readers.values()) {
            reader.await(0, records, KinesisBench.BOUND_MILLIS);
            reader.stop();
        }
    }

    private static void measure(
            KinesisBench bench, KinesisReport report, Map<Contender, ReaderProcess> readers, Backlog backlog)
            throws Exception {
        int records = bench.isSlow() ? backlog.slowRecords() : backlog.records();
        String arn = bench.feed().createWithBacklog(bench.name("backlog"), backlog.shards(), records);
        Figures<ReadFigures> figures = new Figures<>();
        for (int round = 0; round < bench.rounds(); round++) {
            for (Map.Entry<Contender, ReaderProcess> reader : readers.entrySet()) {
                figures.add(
                        reader.getKey(),
                        read(reader.getValue(), reader.getKey().order(bench.name("backlog"), arn, records)));
            }
        }
        String what = "%,d records in %d shard%s%s"
                .formatted(records, backlog.shards(), backlog.shards() == 1 ? "" : "s", bench.on());
        report.add(
                "K1",
                "Shardmill reads a shard at most five times a second, as Kinesis allows, and 2 MB; the KCL once in its"
                        + " idleTimeBetweenReads, without a limit of bytes.",
                List.of(figures.figure("rate, " + what, "records/s", "%,.0f", true, ReadFigures::recordsPerSecond)));
        report.add(
                "K4",
                "Everything that the process does while it reads, checkpoints and background tasks included.",
                List.of(figures.figure("CPU, " + what, "µs/record", "%.2f", false, ReadFigures::cpuMicrosPerRecord)));
        report.add(
                "K5",
                "Counted by an interceptor of the SDK, attempts that failed included. Shardmill keeps checkpoints in its own"
                        + " database: it has no requests to a lease table.",
                List.of(
                        figures.figure(
                                "requests to Kinesis, " + what,
                                "per 1,000 records",
                                "%.3f",
                                false,
                                read -> read.requestsPerThousand("Kinesis")),
                        figures.figure(
                                "requests to the lease table, " + what,
                                "per 1,000 records",
                                "%.3f",
                                false,
                                read -> read.requestsPerThousand("DynamoDb"))));
    }

    private static ReadFigures read(ReaderProcess reader, ReadOrder order) throws Exception {
        reader.read(order);
        reader.await(0, order.records(), KinesisBench.BOUND_MILLIS);
        ReadFigures figures = reader.figures();
        reader.stop();
        return figures;
    }
}
