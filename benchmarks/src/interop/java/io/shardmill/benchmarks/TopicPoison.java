package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** T5: what becomes of the records when the function fails on one of them. */
final class TopicPoison implements KafkaBenchmark {

    private static final int RECORDS = 1_000;
    private static final int BATCH = 100;
    private static final int POISON = 450;
    /** Longer than the last attempts may take: parallel-consumer waits for a second before each. */
    private static final int SETTLED_MILLIS = 5_000;

    private static final List<ContestantKind> CONTESTANTS = List.of(
            ContestantKind.SHARDMILL,
            ContestantKind.SHARDMILL_TELLING,
            ContestantKind.POLL_AND_COMMIT,
            ContestantKind.SPRING,
            ContestantKind.SPRING_TELLING,
            ContestantKind.PARALLEL,
            ContestantKind.PARALLEL_BATCHED);

    private static final List<ContestantKind> THROWING = List.of(
            ContestantKind.SHARDMILL,
            ContestantKind.POLL_AND_COMMIT,
            ContestantKind.SPRING,
            ContestantKind.PARALLEL_BATCHED);
    private static final List<ContestantKind> TELLING =
            List.of(ContestantKind.SHARDMILL_TELLING, ContestantKind.SPRING_TELLING);

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
        Map<ContestantKind, ReadFigures> reached = new LinkedHashMap<>();
        for (ContestantKind kind : CONTESTANTS) {
            try (ConsumerProcess contestant = bench.contestant(kind)) {
                ConsumeOrder order = bench.order(topic, 1, RECORDS).failing(BATCH, POISON);
                contestant.consume(order);
                boolean isThrough = contestant.await(RECORDS - BATCH, KafkaBench.BOUND_MILLIS);
                Thread.sleep(SETTLED_MILLIS);
                ReadFigures figures = contestant.figures();
                reached.put(kind, figures);
                table.add(row(kind, figures, isThrough));
            }
        }
        fewest(report, reached, THROWING, "throws", TopicPoison::skipped, "skipped");
        fewest(report, reached, THROWING, "throws", TopicPoison::again, "delivered again");
        fewest(report, reached, TELLING, "tells which record", TopicPoison::again, "delivered again");
        report.table(table);
    }

    /** Judges the first of some contestants by the best of the others. */
    private static void fewest(
            KafkaReport report,
            Map<ContestantKind, ReadFigures> reached,
            List<ContestantKind> contestants,
            String how,
            ToLongFunction<ReadFigures> count,
            String what) {
        List<Long> counts = contestants.stream()
                .map(kind -> count.applyAsLong(Objects.requireNonNull(reached.get(kind))))
                .toList();
        long others = counts.stream().skip(1).mapToLong(value -> value).min().orElseThrow();
        report.add(new Verdict(
                "T5",
                "records %s, function of batches that %s: no more than any other".formatted(what, how),
                counts.get(0) + "; the best other: " + others,
                counts.get(0) <= others,
                "Shardmill bisects a batch that fails as a whole. parallel-consumer with one record a call has nothing but"
                        + " that record to deliver again."));
    }

    private static long skipped(ReadFigures figures) {
        return RECORDS - figures.get("handled");
    }

    private static long again(ReadFigures figures) {
        return figures.get("deliveries") - RECORDS;
    }

    private static List<String> row(ContestantKind kind, ReadFigures figures, boolean isThrough) {
        return List.of(
                kind.title,
                "" + skipped(figures),
                "" + again(figures),
                "" + figures.get("invocations"),
                isThrough
                        ? String.format(Locale.ROOT, "%.2f", figures.get("nanosFromFailure") / 1e9)
                        : Figure.UNFINISHED);
    }
}
