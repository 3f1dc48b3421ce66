package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.BatchFunction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** G11: three shards with and without a fourth whose batches fail, or never return. */
final class PoisonShard implements Benchmark {

    private static final int SHARDS = 4;
    private static final long RECORDS = 1_000_000;
    private static final String HEALTHY = "three shards";
    private static final String FAILING = "and one that fails";
    private static final String STALLED = "and one that never returns";

    @Override
    public List<String> targets() {
        return List.of("G11");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        try (Backlog backlog = Backlog.fill(bench.folder("poison"), SHARDS, RECORDS, 1024)) {
            String poison = backlog.source().describe().shards().get(SHARDS - 1).id();
            Meter all = new Meter();
            all.expect(Long.MAX_VALUE);
            PlainLoop.deliver(new WithoutShard(backlog.source(), poison), 1, 100, all);
            long healthy = all.seen();
            Map<String, Side> sides = new LinkedHashMap<>();
            sides.put(HEALTHY, () -> nanos(bench, backlog, Fault.ABSENT, poison, healthy));
            sides.put(FAILING, () -> nanos(bench, backlog, Fault.FAILING, poison, healthy));
            sides.put(STALLED, () -> nanos(bench, backlog, Fault.STALLED, poison, healthy));
            Round.of(sides, bench.run().dividedBy(4));
            List<Round> rounds = bench.rounds(() -> Round.of(sides, bench.run()));
            for (String side : List.of(FAILING, STALLED)) {
                Samples ratio = Round.ratio(rounds, side, HEALTHY);
                report.add(new Verdict(
                        "G11",
                        HEALTHY + " " + side + ": >= 0.90 of three shards alone",
                        ratio.ratio(),
                        ratio.median() >= 0.90,
                        side.equals(FAILING)
                                ? "Its first batch throws at each attempt; retries are unlimited, with backoff."
                                : "Its first batch holds a thread until the run is over."));
            }
        }
    }

    private enum Fault {
        ABSENT,
        FAILING,
        STALLED
    }

    private static long nanos(Bench bench, Backlog backlog, Fault fault, String shard, long healthy) throws Exception {
        Meter meter = new Meter();
        meter.expect(healthy);
        CountDownLatch release = new CountDownLatch(1);
        StreamSource source = fault == Fault.ABSENT ? new WithoutShard(backlog.source(), shard) : backlog.source();
        Faulty function = new Faulty(meter, fault, shard, release);
        try (Checkpoints checkpoints = new Checkpoints(bench.folder("checkpoints"));
                EngineRuntime engine = new EngineRuntime(
                        name -> Optional.of(source), Map.of("faulty", function), checkpoints.store())) {
            engine.mappings()
                    .start(
                            EventSourceMapping.of("faulty", backlog.stream()).with(Batching.defaults()),
                            StartOptions.FROM_CHECKPOINTS);
            long nanos = meter.awaitNanos();
            release.countDown();
            return nanos;
        } finally {
            release.countDown();
        }
    }

    private record Faulty(Meter meter, Fault fault, String shard, CountDownLatch release) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) throws InterruptedException {
            if (!batch.get(0).shardId().equals(shard)) {
                return meter.invoke(batch);
            }
            if (fault == Fault.STALLED) {
                release.await();
            }
            throw new IllegalStateException("poison");
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }
}
