package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** K6: what becomes of the records when the handler throws on one of them. */
final class FailureBesideLibrary implements ReaderBenchmark {

    private static final int RECORDS = 1_000;
    private static final int BATCH = 100;
    private static final int POISON = 450;
    private static final int SETTLED_MILLIS = 2_000;

    private record Case(ReadOrder.Failure failure, Contender contender) {}

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
        Map<Case, ReaderProcess> readers = new LinkedHashMap<>();
        try {
            for (ReadOrder.Failure failure : ReadOrder.Failure.values()) {
                String arn = bench.feed().createWithBacklog(bench.name("poison"), 1, RECORDS);
                for (Contender contender : Contender.FASTEST_POLLING) {
                    ReaderProcess reader = bench.reader(contender);
                    readers.put(new Case(failure, contender), reader);
                    reader.read(contender
                            .order(bench.name("poison"), arn, RECORDS)
                            .failing(BATCH, POISON, failure));
                }
            }
            judge(bench, report, readers);
        } finally {
            for (ReaderProcess reader : readers.values()) {
                reader.close();
            }
        }
    }

    private static void judge(KinesisBench bench, KinesisReport report, Map<Case, ReaderProcess> readers)
            throws Exception {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "handler throws", "skipped", "again", "calls", "behind, s"));
        Map<ReadOrder.Failure, List<Long>> skipped = new LinkedHashMap<>();
        for (Map.Entry<Case, ReaderProcess> each : readers.entrySet()) {
            boolean isThrough = each.getValue().await(POISON + BATCH, RECORDS, KinesisBench.BOUND_MILLIS);
            Thread.sleep(SETTLED_MILLIS);
            ReadFigures figures = each.getValue().figures();
            table.add(row(each.getKey(), figures, isThrough));
            skipped.computeIfAbsent(each.getKey().failure(), first -> new ArrayList<>())
                    .add(skipped(figures));
        }
        skipped.forEach((failure, counts) -> report.add(new Verdict(
                "K6",
                "records skipped, handler throws %s%s: fewer than the KCL".formatted(throwing(failure), bench.on()),
                "%d; KCL: %d".formatted(counts.get(0), counts.get(1)),
                counts.get(0) < counts.get(1),
                "The KCL logs what its processor throws, and goes on with the next batch. Shardmill gives up, and logs, what still"
                        + " fails after its retries.")));
        report.table(table);
    }

    private static String throwing(ReadOrder.Failure failure) {
        return failure == ReadOrder.Failure.THROW_ONCE ? "once" : "always";
    }

    private static List<String> row(Case what, ReadFigures figures, boolean isThrough) {
        return List.of(
                what.contender().title(),
                throwing(what.failure()),
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
