package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** T1: a backlog, and a function that does nothing. */
final class TopicBacklog implements KafkaBenchmark {

    private static final int PARTITIONS = 4;

    private static final List<ContestantKind> CONTESTANTS = List.of(
            ContestantKind.SHARDMILL,
            ContestantKind.POLL,
            ContestantKind.POLL_AND_COMMIT,
            ContestantKind.SPRING,
            ContestantKind.SPRING_TUNED,
            ContestantKind.PARALLEL_BATCHED);

    @Override
    public void run(KafkaBench bench, KafkaReport report) throws Exception {
        report.section(
                "Backlog",
                "T1. %d partitions, read from their begin by a new group, and a function that does nothing: records a second and"
                                .formatted(PARTITIONS)
                        + " processor time of the contestant's process, from the first batch to the end of the last, in a JVM that"
                        + " has read before. parallel-consumer hands over batches of up to %d records here."
                                .formatted(KeyedConsumer.BATCH));
        Map<ContestantKind, ConsumerProcess> contestants = new LinkedHashMap<>();
        try {
            for (ContestantKind kind : CONTESTANTS) {
                contestants.put(kind, bench.contestant(kind));
            }
            measure(bench, report, contestants, 100, bench.records());
            measure(bench, report, contestants, 1_024, bench.records() / 2);
        } finally {
            for (ConsumerProcess contestant : contestants.values()) {
                contestant.close();
            }
        }
    }

    /** The first round warms up. */
    private static void measure(
            KafkaBench bench,
            KafkaReport report,
            Map<ContestantKind, ConsumerProcess> contestants,
            int bytes,
            int records)
            throws Exception {
        String topic = bench.feed().createWithBacklog(bench.name("backlog"), PARTITIONS, records, bytes);
        Figures<ReadFigures> figures = new Figures<>();
        for (int round = 0; round <= bench.rounds(); round++) {
            for (Map.Entry<ContestantKind, ConsumerProcess> contestant : contestants.entrySet()) {
                ConsumeOrder order = bench.order(topic, PARTITIONS, records);
                ReadFigures reached = bench.consume(contestant.getValue(), order);
                checkCommits(bench, contestant.getKey(), order);
                if (round > 0) {
                    figures.add(contestant.getKey().title, reached);
                }
            }
        }
        String what = ", %,d records of %,d B".formatted(records, bytes);
        Figure rate = figures.figure("rate" + what, "records/s", "%,.0f", true, ReadFigures::recordsPerSecond);
        Figure cpu = figures.figure("CPU" + what, "µs/record", "%.2f", false, ReadFigures::cpuMicrosPerRecord);
        report.beside(
                "T1",
                rate,
                ContestantKind.POLL_AND_COMMIT,
                0.8,
                "The loop hands each batch to the function on the thread that polls, and waits for its commit before it polls again.");
        report.table(Figure.table(List.of(rate, rate.beside(ContestantKind.POLL_AND_COMMIT.title), cpu)));
    }

    /** Who commits at all has committed everything when it is closed. */
    private static void checkCommits(KafkaBench bench, ContestantKind kind, ConsumeOrder order) throws Exception {
        long behind = bench.feed().behind(order.group(), order.topic(), PARTITIONS);
        if (kind != ContestantKind.POLL && behind > 0) {
            throw new IllegalStateException(kind.title + " left " + behind + " records without a commit");
        }
    }
}
