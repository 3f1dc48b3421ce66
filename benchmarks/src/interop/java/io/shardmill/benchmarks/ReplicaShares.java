package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.List;

/** How 1,000 shards are shared by two replicas, and what that costs. */
record ReplicaShares(SharedShards shards) {

    static final int SHARDS = 1_000;
    private static final int CONCURRENCY = 8;
    private static final Duration IDLE = Duration.ofSeconds(15);

    void run(Report report) throws Exception {
        idleAndJoin(report);
        lost(report);
    }

    private record Join(double idleStatements, double seconds, double taken) {}

    /** A replica that has 1,000 idle shards alone, and another one that joins it. */
    private void idleAndJoin(Report report) throws Exception {
        List<Join> rounds = shards.bench().rounds(() -> {
            try (EmbeddedStreams streams = shards.streams(SHARDS);
                    SharingEngine first = new SharingEngine(shards.server(), streams, jdbc -> new Meter(), CONCURRENCY);
                    SharingEngine second = new SharingEngine(shards.server(), streams, jdbc -> new Meter(), CONCURRENCY)) {
                EventSourceMapping mapping = EventSourceMapping.of("many", "many");
                first.start(mapping);
                SharedShards.await("one has all", () -> SharedShards.isEven(first.store(), 1, SHARDS));
                long statements = first.statements();
                Thread.sleep(IDLE.toMillis());
                double idle = (first.statements() - statements) / (double) IDLE.toSeconds();
                long taken = first.store().taken() + second.store().taken();
                long since = System.nanoTime();
                second.start(mapping);
                SharedShards.await("each has half", () -> SharedShards.isEven(first.store(), 2, SHARDS));
                double seconds = (System.nanoTime() - since) / 1e9;
                return new Join(idle, seconds, first.store().taken() + second.store().taken() - taken);
            }
        });
        report.add(new Verdict(
                "R1",
                "statements a second of a replica with 1,000 idle shards: <= 10",
                Samples.of(rounds, Join::idleStatements).show("%.1f", "/s"),
                Samples.of(rounds, Join::idleStatements).median() <= 10,
                "Heartbeats, looks at members and shards, and saves, counted at the connections."));
        report.add(new Verdict(
                "R2",
                "a second replica of 1,000 shards has its half: <= 5 s, by 500 moves",
                Samples.of(rounds, Join::seconds).show("%.1f", " s") + ", "
                        + Samples.of(rounds, Join::taken).show("%.0f", " moves"),
                Samples.of(rounds, Join::seconds).median() <= 5
                        && Samples.of(rounds, Join::taken).max() == SHARDS / 2,
                "From the start of the second one's mapping until the rows say so. The first one releases what it has finished with, and the second takes it."));
    }

    /** A replica that is cut off from the database: to the others that is as if it were killed. */
    private void lost(Report report) throws Exception {
        List<Double> rounds = shards.bench().rounds(() -> {
            try (EmbeddedStreams streams = shards.streams(SHARDS);
                    SharingEngine first = new SharingEngine(shards.server(), streams, jdbc -> new Meter(), CONCURRENCY);
                    SharingEngine second = new SharingEngine(shards.server(), streams, jdbc -> new Meter(), CONCURRENCY)) {
                EventSourceMapping mapping = EventSourceMapping.of("many", "many");
                first.start(mapping);
                second.start(mapping);
                SharedShards.await("each has half", () -> SharedShards.isEven(first.store(), 2, SHARDS));
                long since = System.nanoTime();
                second.cut();
                SharedShards.await("one has all", () -> SharedShards.isEven(first.store(), 1, SHARDS));
                return (System.nanoTime() - since) / 1e9;
            }
        });
        Samples seconds = new Samples(rounds.stream().mapToDouble(Double::doubleValue).toArray());
        report.add(new Verdict(
                "R3",
                "500 shards of a replica that is gone are taken over: <= 8 s",
                seconds.show("%.1f", " s"),
                seconds.median() <= 8,
                "All of them, from its last contact with the database on. The time to live is 6 s. The KCL documents 10 s without a renewal, and looks for leases every 20 s."));
    }
}
