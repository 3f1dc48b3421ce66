package io.shardmill.benchmarks;

import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The second half of G3: a function that waits, with one lane a shard and with ten. */
final class KeyedLanes implements Benchmark {

    private static final int SHARDS = 4;
    private static final int BATCH = 10;
    private static final Duration WAIT = Duration.ofMillis(5);
    /** More than ten lanes of four shards can take in a run. */
    private static final long RECORDS_PER_SECOND = 200_000;

    private record Rates(double one, double ten, long violations) {}

    @Override
    public List<String> targets() {
        return List.of("G3");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        long records = 1_000 * (RECORDS_PER_SECOND * bench.run().toMillis() / 1_000_000 + 1);
        try (Backlog backlog = Backlog.fill(bench.folder("lanes"), SHARDS, records, 100);
                Checkpoints checkpoints = new Checkpoints(bench.folder("checkpoints"))) {
            List<Rates> rounds = bench.rounds(() -> round(backlog, checkpoints, bench.run()));
            Samples ratio = Samples.of(rounds, rates -> rates.ten() / rates.one());
            long violations = rounds.stream().mapToLong(Rates::violations).sum();
            report.add(new Verdict(
                    "G3",
                    "factor 10, function that waits %d ms: >= 9 times factor 1, in order per key"
                            .formatted(WAIT.toMillis()),
                    ratio.ratio() + ", " + violations + " violations of the order",
                    ratio.median() >= 9 && violations == 0,
                    "Batches of %d from %d shards; factor 1 delivers %s records/s. The function itself watches each key: its numbers grow, and no two of its batches overlap."
                            .formatted(
                                    BATCH,
                                    SHARDS,
                                    Samples.of(rounds, Rates::one).show("%.0f", ""))));
        }
    }

    private static Rates round(Backlog backlog, Checkpoints checkpoints, Duration run) throws Exception {
        LaneOrder one = new LaneOrder(WAIT);
        LaneOrder ten = new LaneOrder(WAIT);
        return new Rates(
                rate(backlog, checkpoints, one, 1, run),
                rate(backlog, checkpoints, ten, 10, run),
                one.violations() + ten.violations());
    }

    private static double rate(Backlog backlog, Checkpoints checkpoints, LaneOrder function, int factor, Duration run)
            throws Exception {
        String name = "lanes-" + System.nanoTime();
        try (EngineRuntime engine = new EngineRuntime(backlog.streams(), Map.of(name, function), checkpoints.store())) {
            engine.mappings()
                    .start(
                            EventSourceMapping.of(name, backlog.stream())
                                    .with(Batching.defaults()
                                            .withBatchSize(BATCH)
                                            .withFactor(factor)),
                            StartOptions.FROM_CHECKPOINTS);
            while (function.records() == 0) {
                Thread.sleep(1);
            }
            long before = function.records();
            long since = System.nanoTime();
            Thread.sleep(run.toMillis());
            double rate = (function.records() - before) * 1e9 / (System.nanoTime() - since);
            if (function.records() >= backlog.records()) {
                throw new IllegalStateException("The backlog is too small for this machine");
            }
            return rate;
        }
    }
}
