package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** K1, K4, K5: a backlog from TRIM_HORIZON, its rate, its processor time and its requests. */
final class BacklogBesideLibrary implements ReaderBenchmark {

    private static final int WARM_UP = 20_000;

    /** @param slowRecords how many a slow server is given */
    private record Backlog(int shards, int records, int slowRecords, List<Contender> contenders) {}

    private static final List<Backlog> BACKLOGS = List.of(
            new Backlog(1, 100_000, 1_000, Contender.POLLING),
            new Backlog(64, 1_280_000, 3_200, Contender.FASTEST_POLLING));

    @Override
    public void run(KinesisBench bench, KinesisReport report) throws Exception {
        report.section(
                "Backlog" + bench.on(),
                "K1, K4, K5. From the first request for records to the end of the last batch, in a JVM that has read before: records a"
                        + " second, processor time of the reader's process, and requests for a thousand records."
                        + " The records are spread evenly over the shards.");
        Map<Contender, ReaderProcess> readers = new LinkedHashMap<>();
        try {
            for (Contender contender : bench.isSlow() ? Contender.FASTEST_POLLING : Contender.POLLING) {
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
            for (Contender contender : backlog.contenders()) {
                ReaderProcess reader = readers.get(contender);
                if (reader != null) {
                    figures.add(contender.title(), read(reader, contender.order(bench.name("backlog"), arn, records)));
                }
            }
        }
        String what = "%,d records, %d shard%s%s"
                .formatted(records, backlog.shards(), backlog.shards() == 1 ? "" : "s", bench.on());
        Figure rate = figures.figure("rate, " + what, "records/s", "%,.0f", true, ReadFigures::recordsPerSecond);
        Figure cpu = figures.figure("CPU, " + what, "µs/record", "%.2f", false, ReadFigures::cpuMicrosPerRecord);
        Figure requests = figures.figure(
                "requests, " + what, "per 1,000 records", "%.3f", false, ReadFigures::requestsPerThousand);
        report.judge(
                bench, "K1",
                rate,
                "Shardmill reads a shard at most five times a second and 2 MB a second, as Kinesis allows; the KCL once in its"
                        + " idleTimeBetweenReads, at best five times a second too. The first page that Shardmill asks for is"
                        + " smaller, as it does not know the records yet.");
        report.judge(bench, "K4", cpu, "Everything the process does meanwhile, checkpoints and background tasks included.");
        report.judge(
                bench, "K5",
                requests,
                "Reads, iterators and the KCL's checkpoints, of which it makes one a batch, counted by an interceptor of the SDK. What"
                        + " keeps its leases is left out: it is set to wait less for them here. Shardmill's checkpoints are in a"
                        + " database of the application.");
        Figure checkpoints = figures.figure(
                "of them checkpoints", "per 1,000 records", "%.3f", false, ReadFigures::checkpointsPerThousand);
        report.table(Figure.table(List.of(rate, cpu, requests, checkpoints)));
    }

    private static ReadFigures read(ReaderProcess reader, ReadOrder order) throws Exception {
        reader.read(order);
        reader.await(0, order.records(), KinesisBench.BOUND_MILLIS);
        ReadFigures figures = reader.figures();
        reader.stop();
        return figures;
    }
}
