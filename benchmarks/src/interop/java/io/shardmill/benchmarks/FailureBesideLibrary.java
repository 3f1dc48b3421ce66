package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** K6: what becomes of the records when the handler throws on one of them. */
final class FailureBesideLibrary implements ReaderBenchmark {

    private static final int RECORDS = 1_000;
    private static final int BATCH = 100;
    private static final int POISON = 450;
    private static final int SETTLED_MILLIS = 2_000;

    @Override
    public void run(KinesisBench bench, KinesisReport report) throws Exception {
        report.section(
                "A handler that throws" + bench.on(),
                ("K6. %,d records in one shard, batches of up to %d, and a handler that throws on record %d: once, or always. Skipped:"
                                + " records that no successful call had. Again: deliveries beyond one of each record. Behind:"
                                + " seconds from the first failure until all records that were not with it in a batch were"
                                + " handled. Shardmill bisects a failed batch and tries it twice more, as its mapping says; by"
                                + " default it would try until the batch succeeds or expires. The KCL's processor lets the"
                                + " exception through.")
                        .formatted(RECORDS, BATCH, POISON));
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "handler throws", "skipped", "again", "calls", "behind, s"));
        for (ReadOrder.Failure failure : ReadOrder.Failure.values()) {
            measure(bench, report, table, failure);
        }
        report.table(table);
    }

    private static void measure(
            KinesisBench bench, KinesisReport report, List<List<String>> table, ReadOrder.Failure failure)
            throws Exception {
        String throwing = failure == ReadOrder.Failure.THROW_ONCE ? "once" : "always";
        String arn = bench.feed().createWithBacklog(bench.name("poison"), 1, RECORDS);
        Map<Contender, ReaderProcess> readers = new LinkedHashMap<>();
        Map<Contender, ReadFigures> reached = new LinkedHashMap<>();
        try {
            for (Contender contender : Contender.FAILING) {
                ReaderProcess reader = bench.reader(contender);
                readers.put(contender, reader);
                reader.read(contender
                        .order(bench.name("poison"), arn, RECORDS)
                        .failing(BATCH, POISON, failure));
            }
            for (Contender contender : Contender.FAILING) {
                ReaderProcess reader = Objects.requireNonNull(readers.get(contender));
                boolean isThrough = reader.await(POISON + BATCH, RECORDS, KinesisBench.BOUND_MILLIS);
                Thread.sleep(SETTLED_MILLIS);
                ReadFigures figures = reader.figures();
                reached.put(contender, figures);
                table.add(row(contender, throwing, figures, isThrough));
            }
        } finally {
            for (ReaderProcess reader : readers.values()) {
                reader.close();
            }
        }
        long ours = skipped(Objects.requireNonNull(reached.get(Contender.FAILING.get(0))));
        long library = skipped(Objects.requireNonNull(reached.get(Contender.FAILING.get(1))));
        report.add(new Verdict(
                "K6",
                "records skipped, handler throws %s%s: fewer than the KCL".formatted(throwing, bench.on()),
                "%d; KCL: %d".formatted(ours, library),
                ours < library,
                "The KCL logs what its processor throws, and goes on with the next batch. Shardmill gives up, and logs, what still"
                        + " fails after its retries."));
    }

    private static List<String> row(Contender contender, String throwing, ReadFigures figures, boolean isThrough) {
        return List.of(
                contender.title(),
                throwing,
                "" + skipped(figures),
                "" + (figures.get("deliveries") - RECORDS),
                "" + figures.get("invocations"),
                isThrough
                        ? String.format(Locale.ROOT, "%.2f", figures.get("nanosFromFailure") / 1e9)
                        : Figure.UNFINISHED);
    }

    private static long skipped(ReadFigures figures) {
        return RECORDS - figures.get("handled");
    }
}
