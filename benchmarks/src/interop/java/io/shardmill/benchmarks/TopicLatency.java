package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** T4: from put to function, one record at a time. */
final class TopicLatency implements KafkaBenchmark {

    private static final int PER_SECOND = 100;
    private static final int SLICE = 500;
    private static final int WARM_UP = 500;

    private static final List<ContestantKind> CONTESTANTS =
            List.of(ContestantKind.SHARDMILL, ContestantKind.POLL_AND_COMMIT, ContestantKind.SPRING, ContestantKind.PARALLEL);

    /** A contestant at the tip of a topic of its own. */
    private static final class Live {

        final ConsumerProcess contestant;
        final String topic;
        int put;

        Live(ConsumerProcess contestant, String topic) {
            this.contestant = contestant;
            this.topic = topic;
        }
    }

    @Override
    public void run(KafkaBench bench, KafkaReport report) throws Exception {
        report.section(
                "From put to function",
                ("T4. Milliseconds from just before the producer's send() to the function, %d records a second, one at a time, "
                        + "into a topic of one partition: %d times %d records for each, medians of the rounds' percentiles. The "
                        + "contestants that are not measured are at the tips of their topics meanwhile.")
                        .formatted(PER_SECOND, bench.rounds(), SLICE));
        Map<ContestantKind, Live> contestants = new LinkedHashMap<>();
        try {
            for (ContestantKind kind : CONTESTANTS) {
                Live live = new Live(bench.contestant(kind), bench.feed().create(bench.name("live"), 1));
                contestants.put(kind, live);
                live.contestant.consume(bench.order(live.topic, 1, WARM_UP + bench.rounds() * SLICE)
                        .timed());
            }
            for (Live live : contestants.values()) {
                slice(bench, live, WARM_UP);
            }
            measure(bench, report, contestants);
        } finally {
            for (Live live : contestants.values()) {
                live.contestant.close();
            }
        }
    }

    private static void measure(KafkaBench bench, KafkaReport report, Map<ContestantKind, Live> contestants)
            throws Exception {
        Figures<Samples> figures = new Figures<>();
        for (int round = 0; round < bench.rounds(); round++) {
            for (Map.Entry<ContestantKind, Live> contestant : contestants.entrySet()) {
                figures.add(contestant.getKey().title, slice(bench, contestant.getValue(), SLICE));
            }
        }
        Figure half = figures.figure("put to function, p50", "ms", "%.2f", false, millis -> millis.percentile(50));
        Figure most = figures.figure("put to function, p99", "ms", "%.2f", false, millis -> millis.percentile(99));
        report.figure(half);
        report.figure(most);
        report.table(Figure.table(List.of(half, most)));
    }

    private static Samples slice(KafkaBench bench, Live live, int records) throws Exception {
        long next = System.nanoTime();
        int to = live.put + records;
        while (live.put < to) {
            bench.feed().put(live.topic, live.put++);
            next += 1_000_000_000L / PER_SECOND;
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        if (!live.contestant.await(to, KafkaBench.BOUND_MILLIS)) {
            throw new IllegalStateException("Not all of " + live.topic + " has come");
        }
        return Samples.of(live.contestant.takeLatencies(), millis -> millis);
    }
}
