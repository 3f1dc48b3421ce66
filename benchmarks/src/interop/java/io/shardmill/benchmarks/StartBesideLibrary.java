package io.shardmill.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** K3: from the start of the reader's process to its first record, for a new application and for one that was there before. */
final class StartBesideLibrary implements ReaderBenchmark {

    /** Seconds; not a number where the record did not come. */
    private record Start(double empty, double again) {}

    @Override
    public void run(KinesisBench bench, KinesisReport report) throws Exception {
        report.section(
                "Start" + bench.on(),
                "K3. Seconds from before the process is started until the handler has returned from the first record, of a stream"
                        + " of one shard. New: the reader has no checkpoint or lease. Again: it was there before, and was stopped in"
                        + " an orderly way. All settings are the defaults. Both have each other's libraries on their class path.");
        Figures<Start> figures = new Figures<>();
        for (int round = 0; round < bench.rounds(); round++) {
            for (Contender contender : Contender.DEFAULTS) {
                figures.add(contender.title(), start(bench, contender));
            }
        }
        Figure empty = figures.figure("start, new" + bench.on(), "s", "%.1f", false, Start::empty);
        Figure again = figures.figure("start, again" + bench.on(), "s", "%.1f", false, Start::again);
        String remark = "Most of the KCL's time it waits: ten seconds for an index of a new lease table, up to thirty for others to"
                + " fill an empty one, and for its turns of assigning leases.";
        report.judge(bench, "K3", empty, remark);
        report.judge(bench, "K3", again, remark);
        report.table(Figure.table(List.of(empty, again)));
    }

    private static Start start(KinesisBench bench, Contender contender) throws Exception {
        String arn = bench.feed().createWithBacklog(bench.name("start"), 1, 1);
        ReadOrder order = contender.order(bench.name("start"), arn, 1);
        Path data = bench.newData();
        double empty = seconds(bench, contender, data, order, 0);
        bench.feed().put(arn, 1);
        return new Start(empty, seconds(bench, contender, data, order, 1));
    }

    /** @param number the record that is waited for */
    private static double seconds(KinesisBench bench, Contender contender, Path data, ReadOrder order, int number)
            throws Exception {
        long start = System.nanoTime();
        try (ReaderProcess reader = bench.programs().reader(contender.kind(), data, bench.endpoints())) {
            reader.read(order);
            boolean hasCome = reader.await(number, number + 1, KinesisBench.BOUND_MILLIS);
            double seconds = (System.nanoTime() - start) / 1e9;
            reader.end();
            return hasCome ? seconds : Double.NaN;
        }
    }
}
