package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** T5: what becomes of the records when the function fails on one of them. */
final class TopicPoison implements KafkaBenchmark {

    private static final int RECORDS = 1_000;
    private static final int BATCH = 100;
    private static final int POISON = 450;
    /** Longer than the last attempts may take: parallel-consumer waits for a second before each. */
    private static final int SETTLED_MILLIS = 5_000;

    private static final List<ContestantKind> CONTESTANTS = List.of(
            ContestantKind.POLL_AND_COMMIT,
            ContestantKind.SPRING,
            ContestantKind.SPRING_INDEXED,
            ContestantKind.PARALLEL,
            ContestantKind.PARALLEL_BATCHED);

    @Override
    public void run(KafkaBench bench, KafkaReport report) throws Exception {
        report.section(
                "A record that the function fails on",
                ("T5. %,d records in one partition, polls and batches of up to %d, and a function that always fails on record "
                        + "%d. Skipped: records that no successful call had, the one itself among them. Again: deliveries beyond one of "
                        + "each record. Behind: seconds from the first failure until the last of the records that were handled at all. "
                        + "Each contestant is told to try %d times more, and then to go on; the pause before that is its own default. The"
                        + " loop and parallel-consumer don't give up by themselves: the code around the function does it for them.")
                        .formatted(RECORDS, BATCH, POISON, ConsumeOrder.RETRIES));
        String topic = bench.feed().createWithBacklog(bench.name("poison"), 1, RECORDS, StampedRecord.BYTES);
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "skipped", "again", "calls", "behind, s"));
        for (ContestantKind kind : CONTESTANTS) {
            try (ConsumerProcess contestant = bench.contestant(kind)) {
                ConsumeOrder order = bench.order(topic, 1, RECORDS).failing(BATCH, POISON);
                contestant.consume(order);
                boolean isThrough = contestant.await(RECORDS - BATCH, KafkaBench.BOUND_MILLIS);
                Thread.sleep(SETTLED_MILLIS);
                ReadFigures figures = contestant.figures();
                table.add(row(kind, figures, isThrough));
            }
        }
        report.table(table);
    }

    private static List<String> row(ContestantKind kind, ReadFigures figures, boolean isThrough) {
        return List.of(
                kind.title,
                "" + (RECORDS - figures.get("handled")),
                "" + (figures.get("deliveries") - RECORDS),
                "" + figures.get("invocations"),
                isThrough
                        ? String.format(Locale.ROOT, "%.2f", figures.get("nanosFromFailure") / 1e9)
                        : Figure.UNFINISHED);
    }
}
