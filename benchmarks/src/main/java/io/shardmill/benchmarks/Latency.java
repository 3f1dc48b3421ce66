package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.Durability;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.BatchFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** G4: from the call of put to the function, on a stream that is idle in between. */
final class Latency implements Benchmark {

    private static final int PUTS = 1_200;
    private static final int WARM_UP = 600;
    private static final long GAP_NANOS = 1_100_000;
    private static final int BYTES = 1024;

    /** In milliseconds; one value for each put. */
    private record Times(Samples delivery, Samples append, Samples handOver) {

        double delivery(double percent) {
            return delivery.percentile(percent);
        }

        double floor(double percent) {
            return append.percentile(percent) + handOver.percentile(percent);
        }
    }

    @Override
    public List<String> targets() {
        return List.of("G4");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        report.section(
                "From put to function",
                "Milliseconds, records of 1 KiB, one put at a time and about 300 in a second; the median of the rounds'"
                        + " percentiles. Append: the same put on a stream that nobody reads. Hand-over: from one"
                        + " waiting thread to another through a queue. In turns in the same second.");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("durability", "", "p50", "p99", "max"));
        measure(bench, report, rows, Durability.PROCESS, 2);
        measure(bench, report, rows, Durability.MACHINE, 5);
        report.table(rows);
    }

    private static void measure(
            Bench bench, Report report, List<List<String>> rows, Durability durability, double limitMillis)
            throws Exception {
        BlockingQueue<Long> arrivals = new ArrayBlockingQueue<>(16);
        BatchFunction function = new Arrivals(arrivals);
        try (EmbeddedStreams streams = EmbeddedStreams.open(
                        EmbeddedStreamsSettings.in(bench.folder("latency")).withDurability(durability));
                Checkpoints checkpoints = new Checkpoints(bench.folder("checkpoints"));
                EngineRuntime engine = new EngineRuntime(streams, Map.of("arrivals", function), checkpoints.store())) {
            streams.createStream("read", 1);
            streams.createStream("unread", 1);
            engine.mappings().start(EventSourceMapping.of("arrivals", "read"), StartOptions.FROM_CHECKPOINTS);
            times(streams, arrivals, WARM_UP);
            List<Times> rounds = bench.rounds(() -> times(streams, arrivals, PUTS));
            row(rows, durability, "put to function", Samples.of(rounds, t -> t.delivery(50)), rounds, Times::delivery);
            row(rows, durability, "append", Samples.of(rounds, t -> t.append().percentile(50)), rounds, Times::append);
            row(
                    rows,
                    durability,
                    "hand-over",
                    Samples.of(rounds, t -> t.handOver().percentile(50)),
                    rounds,
                    Times::handOver);
            judge(report, durability, limitMillis, rounds);
        }
    }

    private static void row(
            List<List<String>> rows,
            Durability durability,
            String what,
            Samples median,
            List<Times> rounds,
            java.util.function.Function<Times, Samples> values) {
        rows.add(List.of(
                how(durability),
                what,
                median.show("%.3f", ""),
                Samples.of(rounds, t -> values.apply(t).percentile(99)).show("%.3f", ""),
                Samples.of(rounds, t -> values.apply(t).max()).show("%.1f", "")));
    }

    private static void judge(Report report, Durability durability, double limitMillis, List<Times> rounds) {
        Samples half = Samples.of(rounds, t -> t.delivery(50) / t.floor(50));
        Samples most = Samples.of(rounds, t -> t.delivery(99) / t.floor(99));
        Samples p99 = Samples.of(rounds, t -> t.delivery(99));
        report.add(new Verdict(
                "G4",
                "put to function " + how(durability) + ", p50: <= 3 times append + hand-over",
                half.ratio(),
                half.median() <= 3,
                "A record passes two hand-overs: from the caller to the log's thread, and from that to the engine."));
        report.add(new Verdict(
                "G4",
                "put to function " + how(durability) + ", p99: <= 5 times append + hand-over, and <= " + limitMillis
                        + " ms",
                most.ratio() + ", " + p99.show("%.2f", " ms"),
                most.median() <= 5 && p99.median() <= limitMillis,
                "The median of the rounds' 99th percentiles: one round may be hit by other work on the machine."));
    }

    private static String how(Durability durability) {
        return durability == Durability.MACHINE ? "with fsync" : "without fsync";
    }

    private static Times times(EmbeddedStreams streams, BlockingQueue<Long> arrivals, int puts) throws Exception {
        double[] delivery = new double[puts];
        double[] append = new double[puts];
        double[] handOver = new double[puts];
        PutEntry entry = PutEntry.of("key", new byte[BYTES]);
        try (Echo echo = new Echo()) {
            for (int put = 0; put < puts; put++) {
                pause();
                long since = System.nanoTime();
                streams.put("read", entry);
                delivery[put] = millis(await(arrivals) - since);
                pause();
                since = System.nanoTime();
                streams.put("unread", entry);
                append[put] = millis(System.nanoTime() - since);
                pause();
                handOver[put] = millis(echo.nanos());
            }
        }
        return new Times(new Samples(delivery), new Samples(append), new Samples(handOver));
    }

    private static void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(GAP_NANOS);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static long await(BlockingQueue<Long> arrivals) throws InterruptedException {
        Long arrival = arrivals.poll(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        if (arrival == null) {
            throw new IllegalStateException("A record was not delivered within 10 s");
        }
        return arrival;
    }

    /** Says when each batch arrived. */
    private record Arrivals(BlockingQueue<Long> times) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) {
            times.add(System.nanoTime());
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }

    /** A thread that waits on a queue and says when it got something. */
    private static final class Echo implements AutoCloseable {

        private final BlockingQueue<Boolean> calls = new ArrayBlockingQueue<>(1);
        private final BlockingQueue<Long> answers = new SynchronousQueue<>();
        private final Thread thread = new Thread(this::run, "echo");

        Echo() {
            thread.start();
        }

        private void run() {
            try {
                while (calls.take()) {
                    answers.put(System.nanoTime());
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }

        long nanos() throws InterruptedException {
            long since = System.nanoTime();
            calls.put(true);
            return answers.take() - since;
        }

        @Override
        public void close() throws InterruptedException {
            calls.put(false);
            thread.join();
        }
    }
}
