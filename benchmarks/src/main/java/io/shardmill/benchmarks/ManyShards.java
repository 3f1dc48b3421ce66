package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.internal.batch.LaneHash;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The second half of G5: 1,000 shards of ten lanes, each lane with a batch every second. */
final class ManyShards implements Benchmark {

    private static final int SHARDS = 1_000;
    private static final int LANES = 10;
    private static final int PUT = 500;
    private static final int SECONDS = 4;
    private static final BigInteger HASH_KEYS = BigInteger.TWO.pow(128);

    /** The engine's thread that saves, and H2's. */
    private static final Pattern CHECKPOINT_THREADS = Pattern.compile("shardmill-checkpoints|H2|MVStore");

    /**
     * @param cpu of one core, with all that puts and delivers
     * @param checkpointCpu of one core, by the threads that write checkpoints
     */
    record Load(double cpu, double checkpointCpu, double commitsPerSecond, double rowsPerSecond) {}

    private record Rounds(Load durable, Load inMemory) {}

    @Override
    public List<String> targets() {
        return List.of("G5");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(bench.folder("many")));
                Checkpoints checkpoints = new Checkpoints(bench.folder("checkpoints"))) {
            streams.createStream("many", SHARDS);
            List<PutEntry> second = second();
            load(streams, checkpoints.store(), second, 1);
            load(streams, new InMemoryCheckpointStore(), second, 1);
            List<Rounds> rounds = bench.rounds(() -> new Rounds(
                    load(streams, checkpoints.store(), second, SECONDS),
                    load(streams, new InMemoryCheckpointStore(), second, SECONDS)));
            Samples commits = Samples.of(rounds, round -> round.durable().commitsPerSecond());
            report.add(new Verdict(
                    "G5",
                    "1,000 busy shards: <= 10 commits/s",
                    commits.show("%.1f", "/s"),
                    commits.median() <= 10,
                    "Each commit writes the newest rows of all shards that moved: %s rows/s, each with owner and epoch in its condition."
                            .formatted(
                                    Samples.of(rounds, round -> round.durable().rowsPerSecond())
                                            .show("%.0f", ""))));
            Samples cost = Samples.of(rounds, round -> round.durable().checkpointCpu() * 100);
            report.add(new Verdict(
                    "G5",
                    "1,000 shards x 10 lanes x 1 batch/s: checkpoints take <= 5 % of one core",
                    cost.show("%.1f", " %"),
                    cost.median() <= 5,
                    "CPU time of the thread that saves and of H2's own: %s for a row, nearly all of it in H2. Every shard moves between any two saves, so a longer checkpoint-interval costs proportionally less. The whole process, with the puts and 10,000 invocations/s, takes %s of a core, and with checkpoints in memory %s."
                            .formatted(
                                    Samples.of(
                                                    rounds,
                                                    round -> round.durable().checkpointCpu()
                                                            * 1e6
                                                            / round.durable().rowsPerSecond())
                                            .show("%.0f", " us"),
                                    Samples.of(rounds, round -> round.durable().cpu() * 100)
                                            .show("%.0f", " %"),
                                    Samples.of(rounds, round -> round.inMemory().cpu() * 100)
                                            .show("%.0f", " %"))));
        }
    }

    /** A record for each lane of each shard; a shard's ten are spread over the second, so that it moves before each save. */
    private static List<PutEntry> second() {
        List<String> keys = new ArrayList<>();
        for (int number = 0; keys.size() < LANES; number++) {
            String key = Backlog.key(number);
            if (LaneHash.laneOf(key, LANES) == keys.size()) {
                keys.add(key);
            }
        }
        BigInteger width = HASH_KEYS.divide(BigInteger.valueOf(SHARDS));
        List<PutEntry> entries = new ArrayList<>();
        for (String key : keys) {
            for (int shard = 0; shard < SHARDS; shard++) {
                BigInteger middle = width.multiply(BigInteger.valueOf(shard)).add(width.shiftRight(1));
                entries.add(PutEntry.of(key, new byte[100]).withExplicitHashKey(middle));
            }
        }
        return entries;
    }

    /** Of the stream {@code many}, which has 1,000 shards. */
    static Load load(EmbeddedStreams streams, CheckpointStore store) throws Exception {
        return load(streams, store, second(), SECONDS);
    }

    private static Load load(EmbeddedStreams streams, CheckpointStore store, List<PutEntry> second, int seconds)
            throws Exception {
        CountingStore counted = new CountingStore(store);
        Meter meter = new Meter();
        try (EngineRuntime engine = new EngineRuntime(streams, Map.of("many", meter), counted)) {
            meter.expect(Long.MAX_VALUE);
            engine.mappings()
                    .start(
                            EventSourceMapping.of("many", "many")
                                    .with(Batching.defaults().withFactor(LANES)),
                            StartOptions.FROM_CHECKPOINTS);
            if (!engine.mappings().awaitDrained(Duration.ofMinutes(1))) {
                throw new IllegalStateException("Not drained within a minute");
            }
            long before = meter.seen();
            long commits = counted.commits();
            long rows = counted.rows();
            long cpu = Machine.cpuNanos();
            long checkpointCpu = Machine.cpuNanos(CHECKPOINT_THREADS);
            long since = System.nanoTime();
            put(streams, second, seconds, since);
            double nanos = System.nanoTime() - since;
            Load load = new Load(
                    (Machine.cpuNanos() - cpu) / nanos,
                    (Machine.cpuNanos(CHECKPOINT_THREADS) - checkpointCpu) / nanos,
                    (counted.commits() - commits) * 1e9 / nanos,
                    (counted.rows() - rows) * 1e9 / nanos);
            if (!engine.mappings().awaitDrained(Duration.ofMinutes(1))
                    || meter.seen() - before != (long) seconds * second.size()) {
                throw new IllegalStateException("Not all records were delivered");
            }
            return load;
        }
    }

    /** Spreads the second's records over each second. */
    private static void put(EmbeddedStreams streams, List<PutEntry> second, int seconds, long since)
            throws InterruptedException {
        int parts = second.size() / PUT;
        for (int part = 0; part < parts * seconds; part++) {
            int from = part % parts * PUT;
            streams.putAll("many", second.subList(from, from + PUT));
            long due = since + (part + 1) * (1_000_000_000L / parts);
            Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
        }
    }
}
