package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.BatchFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What several replicas deliver, and what transactions cost. */
record ReplicaRates(SharedShards shards) {

    private static final int SHARDS = 24;
    private static final int RECORDS = 9_600;
    private static final int CONCURRENCY = 8;
    private static final long HANDLER_MILLIS = 5;

    void run(Report report) throws Exception {
        several(report);
        transactions(report);
    }

    /** Waits, as a handler does that asks somebody. */
    private static BatchFunction waiting() {
        return new BatchFunction() {
            @Override
            public Result invoke(List<Record> batch) throws InterruptedException {
                Thread.sleep(HANDLER_MILLIS);
                return Result.success();
            }

            @Override
            public boolean reportsItemFailures() {
                return false;
            }
        };
    }

    /** Records a second of so many replicas, each with room for eight invocations at once. */
    private double rate(int replicas, boolean isTransactional, SharingEngine.Functions function, int factor)
            throws Exception {
        Meter meter = new Meter();
        SharingEngine.Functions metered = jdbc -> {
            BatchFunction working = function.on(jdbc);
            return new BatchFunction() {
                @Override
                public Result invoke(List<Record> batch) throws Exception {
                    Result unused = working.invoke(batch);
                    return meter.invoke(batch);
                }

                @Override
                public boolean reportsItemFailures() {
                    return false;
                }
            };
        };
        try (EmbeddedStreams streams = shards.streams(SHARDS)) {
            EventSourceMapping plain = EventSourceMapping.of("many", "many")
                    .with(Batching.defaults().withBatchSize(10).withFactor(factor));
            EventSourceMapping mapping =
                    isTransactional ? plain.with(plain.failureHandling().withTransactions()) : plain;
            List<SharingEngine> engines = new ArrayList<>();
            try {
                for (int replica = 0; replica < replicas; replica++) {
                    engines.add(new SharingEngine(shards.server(), streams, metered, CONCURRENCY));
                    engines.get(replica).start(mapping);
                }
                SharedShards.await("shards are shared", () -> SharedShards.isEven(engines.get(0).store(), replicas, SHARDS));
                meter.expect(RECORDS);
                for (int from = 0; from < RECORDS; from += 400) {
                    streams.putAll(
                            "many",
                            IntStream.range(from, from + 400)
                                    .mapToObj(number -> PutEntry.of(
                                            Backlog.key(number), new byte[100]))
                                    .toList());
                }
                return RECORDS * 1e9 / meter.awaitNanos();
            } finally {
                engines.forEach(SharingEngine::close);
            }
        }
    }

    private void several(Report report) throws Exception {
        record Rates(double one, double two, double three) {}
        List<Rates> rounds = shards.bench().rounds(() -> new Rates(
                rate(1, false, jdbc -> waiting(), 1),
                rate(2, false, jdbc -> waiting(), 1),
                rate(3, false, jdbc -> waiting(), 1)));
        Samples two = Samples.of(rounds, rates -> rates.two() / rates.one());
        Samples three = Samples.of(rounds, rates -> rates.three() / rates.one());
        report.add(new Verdict(
                "R4",
                "rate of 2 and 3 replicas, as a multiple of one's: >= 1.8 and >= 2.6",
                two.ratio() + " and " + three.ratio(),
                two.median() >= 1.8 && three.median() >= 2.6,
                String.format(
                        Locale.ROOT,
                        "%d shards, batches of up to 10, a handler that waits %d ms, and at most %d invocations at once in each replica: what is scarce is invocations, not this machine. One: %s records/s.",
                        SHARDS,
                        HANDLER_MILLIS,
                        CONCURRENCY,
                        Samples.of(rounds, Rates::one).show("%.0f", ""))));
    }

    private static SharingEngine.Functions update() {
        return jdbc -> new BatchFunction() {
            @Override
            public Result invoke(List<Record> batch) {
                int unused = jdbc.update(
                        "insert into balance values (?, ?) on conflict (account)"
                                + " do update set cents = balance.cents + excluded.cents",
                        batch.get(0).partitionKey(),
                        batch.size());
                return Result.success();
            }

            @Override
            public boolean reportsItemFailures() {
                return false;
            }
        };
    }

    private void transactions(Report report) throws Exception {
        record Rates(double plain, double transactional) {}
        double unusedWarmUp = rate(1, true, update(), 10);
        List<Rates> rounds =
                shards.bench().rounds(() -> new Rates(rate(1, false, update(), 10), rate(1, true, update(), 10)));
        Samples ratio = Samples.of(rounds, rates -> rates.transactional() / rates.plain());
        report.add(new Verdict(
                "R5",
                "rate with transactional: true, as a share of the rate without: >= 0.5",
                ratio.ratio(),
                ratio.median() >= 0.5,
                "Batches of up to 10 records, one statement of the function's for each, factor 10, 8 at once. Without: "
                        + Samples.of(rounds, Rates::plain).show("%.0f", " records/s")
                        + ". Three statements and a commit more for each batch, on a local server."));
    }
}
