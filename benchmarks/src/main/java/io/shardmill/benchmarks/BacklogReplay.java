package io.shardmill.benchmarks;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.runtime.BatchFunction;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** G1, G2, the first half of G3 and of G5: a backlog delivered as fast as can be, beside a plain loop over the same reader. */
final class BacklogReplay implements Benchmark {

    static final int SHARDS = 4;
    static final int BATCH = 100;

    @Override
    public List<String> targets() {
        return List.of("G1", "G2", "G3", "G5");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        SameRecords.check(bench);
        measure(bench, report, 2_000_000, 1024, 0.80);
        measure(bench, report, 8_000_000, 100, 0.50);
    }

    private void measure(Bench bench, Report report, long records, int bytes, double goal) throws Exception {
        Path folder = bench.folder("backlog");
        String size = bytes == 1024 ? "1 KiB" : bytes + " B";
        System.out.println("Writing " + records + " records of " + size);
        try (Backlog backlog = Backlog.fill(folder, SHARDS, records, bytes);
                Checkpoints checkpoints = new Checkpoints(bench.folder("checkpoints"))) {
            CountingStore durable = new CountingStore(checkpoints.store());
            Meter one = new Meter();
            Meter ten = new Meter();
            Meter inSpring = new Meter();
            Map<String, BatchFunction> functions = Map.of("factor-1", one, "factor-10", ten);
            try (EngineRuntime engine = new EngineRuntime(backlog.streams(), functions, durable);
                    SpringRuntime spring = new SpringRuntime(backlog.streams(), inSpring, bench.folder("application"));
                    EngineRuntime forgetful =
                            new EngineRuntime(backlog.streams(), functions, new InMemoryCheckpointStore())) {
                Batching batching = Batching.defaults().withBatchSize(BATCH);
                Map<String, Side> sides = new LinkedHashMap<>();
                sides.put(ReplayFigures.BARE, () -> bareNanos(backlog, bench.threads()));
                sides.put(ReplayFigures.PLAIN, () -> plainNanos(backlog, bench.threads()));
                sides.put(
                        ReplayFigures.ENGINE,
                        new MappingSide(engine, "factor-1", one, records).started(backlog.stream(), batching));
                sides.put(
                        ReplayFigures.SPRING,
                        new MappingSide(spring, SpringRuntime.FUNCTION, inSpring, records)
                                .started(backlog.stream(), batching));
                sides.put(
                        ReplayFigures.NO_CHECKPOINTS,
                        new MappingSide(forgetful, "factor-1", one, records).started(backlog.stream(), batching));
                sides.put(
                        ReplayFigures.FACTOR_10,
                        new MappingSide(engine, "factor-10", ten, records)
                                .started(backlog.stream(), batching.withFactor(10)));
                Round.of(sides, bench.run());
                List<Round> rounds = bench.rounds(() -> Round.of(sides, bench.run()));
                new ReplayFigures(size, records, bytes, bench.threads(), rounds).addTo(report, goal);
            }
        } finally {
            Bench.delete(folder);
        }
    }

    private static long bareNanos(Backlog backlog, int threads) throws Exception {
        List<Path> segments = BareScan.segments(backlog.folder());
        LongAdder frames = new LongAdder();
        long since = System.nanoTime();
        Parallel.forEach(threads, segments, segment -> frames.add(BareScan.frames(segment)));
        long nanos = System.nanoTime() - since;
        if (frames.sum() != backlog.records()) {
            throw new IllegalStateException(
                    "The segment files have " + frames.sum() + " records, not " + backlog.records());
        }
        return nanos;
    }

    private static long plainNanos(Backlog backlog, int threads) throws Exception {
        Meter meter = new Meter();
        meter.expect(backlog.records());
        PlainLoop.deliver(backlog.source(), threads, BATCH, meter);
        return meter.awaitNanos();
    }
}
