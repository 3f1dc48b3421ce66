package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** T2: a function that waits for each record, as for an answer of another system, and watches the order of each key. */
final class TopicWork implements KafkaBenchmark {

    private static final int WAIT_MILLIS = 5;
    private static final int BYTES = 100;

    /** @param parallelism calls of the function at once */
    private record Work(int partitions, int parallelism, int records, List<ContestantKind> contestants) {}

    private static final List<ContestantKind> ALL =
            List.of(ContestantKind.SHARDMILL, ContestantKind.POLL_AND_COMMIT, ContestantKind.SPRING_TUNED, ContestantKind.PARALLEL);
    /** Without who has one thread. */
    private static final List<ContestantKind> CONCURRENT =
            List.of(ContestantKind.SHARDMILL, ContestantKind.SPRING_TUNED, ContestantKind.PARALLEL);

    private static final List<Work> WORK =
            List.of(new Work(1, 1, 400, ALL), new Work(2, 10, 4_000, ALL), new Work(10, 10, 4_000, CONCURRENT));

    @Override
    public void run(KafkaBench bench, KafkaReport report) throws Exception {
        report.section(
                "A function that waits",
                ("T2. The function waits %d ms for each record, one after the other of its batch. Without any overhead that is "
                        + "%d records a second for each call of it at once. The function watches each of %,d keys: its numbers grow, and "
                        + "no two of its records are in work at once. Parallelism is the number of calls at once that a contestant is "
                        + "allowed; the loop has one thread, and spring-kafka one for each partition.")
                        .formatted(WAIT_MILLIS, 1_000 / WAIT_MILLIS, TopicFeed.KEYS));
        Map<ContestantKind, ConsumerProcess> contestants = new LinkedHashMap<>();
        try {
            for (ContestantKind kind : ALL) {
                contestants.put(kind, bench.contestant(kind));
            }
            for (Work work : WORK) {
                measure(bench, report, contestants, work);
            }
        } finally {
            for (ConsumerProcess contestant : contestants.values()) {
                contestant.close();
            }
        }
    }

    private static void measure(
            KafkaBench bench, KafkaReport report, Map<ContestantKind, ConsumerProcess> contestants, Work work)
            throws Exception {
        String topic = bench.feed().createWithBacklog(bench.name("work"), work.partitions(), work.records(), BYTES);
        Figures<ReadFigures> figures = new Figures<>();
        for (int round = 0; round < bench.rounds(); round++) {
            for (ContestantKind kind : work.contestants()) {
                ConsumeOrder order = bench.order(topic, work.partitions(), work.records())
                        .waiting(work.parallelism(), WAIT_MILLIS);
                figures.add(kind.title, bench.consume(Objects.requireNonNull(contestants.get(kind)), order));
            }
        }
        String what = ", parallelism %d, %d partition%s"
                .formatted(work.parallelism(), work.partitions(), work.partitions() == 1 ? "" : "s");
        Figure rate = figures.figure("work" + what, "records/s", "%,.0f", true, ReadFigures::recordsPerSecond);
        Figure violations = figures.figure(
                "violations of the order of a key", "records", "%.0f", false, round -> round.get("violations"));
        if (work.parallelism() > work.partitions()) {
            report.beside(
                    "T2",
                    rate,
                    ContestantKind.SPRING_TUNED,
                    2,
                    "spring-kafka works on as many batches at once as there are partitions; parallel-consumer on as many keys as it may.");
        } else {
            report.figure(rate);
        }
        report.zero("T3", violations, what);
        report.table(Figure.table(List.of(rate, rate.beside(ContestantKind.SPRING_TUNED.title), violations)));
    }
}
