package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** K2: from put to handler, one record at a time; and the requests that this and an idle stream take (K5). */
final class LatencyBesideLibrary implements ReaderBenchmark {

    private static final String REQUESTS =
            "Reads, iterators, subscriptions and the KCL's checkpoints, over the records. Who asks more often has a record sooner, and"
                    + " fewer records in an answer.";
    private static final int WARM_UP = 50;
    private static final int PER_SECOND = 25;
    private static final int SLICE_SECONDS = 8;
    private static final int SLICE = PER_SECOND * SLICE_SECONDS;
    private static final int ROUNDS = 2;
    private static final int IDLE_SECONDS = 15;

    /** A reader at the tip of a stream of its own. */
    private static final class Live {

        final ReaderProcess reader;
        final String arn;
        int put;
        long sentBefore;

        Live(ReaderProcess reader, String arn) {
            this.reader = reader;
            this.arn = arn;
        }
    }

    /** @param requests as {@link RequestCount#reading} says */
    private record Slice(Samples millis, long requests) {}

    @Override
    public void run(KinesisBench bench, KinesisReport report) throws Exception {
        report.section(
                "From put to handler" + bench.on(),
                ("K2. Milliseconds from just before PutRecord to the handler, %d records a second, one at a time, into a stream of"
                                + " one shard that only this reader reads: %d times %d records, medians of the rounds'"
                                + " percentiles. The readers that are not measured are at the tips of their streams meanwhile.")
                        .formatted(PER_SECOND, rounds(bench), SLICE));
        Map<Contender, Live> readers = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders(bench)) {
                String arn = bench.feed().create(bench.name("live"), 1);
                Live live = new Live(bench.reader(contender), arn);
                readers.put(contender, live);
                live.reader.read(contender.order(bench.name("live"), arn, ReadOrder.OPEN));
            }
            for (Live live : readers.values()) {
                warmUp(bench, live);
            }
            measure(bench, report, readers);
        } finally {
            for (Live live : readers.values()) {
                live.reader.close();
            }
        }
    }

    private static List<Contender> contenders(KinesisBench bench) {
        List<Contender> polling = bench.isSlow() ? Contender.FASTEST_POLLING : Contender.POLLING;
        return Stream.concat(polling.stream(), Contender.FAN_OUT.stream()).toList();
    }

    private static int rounds(KinesisBench bench) {
        return bench.isSlow() ? 1 : ROUNDS;
    }

    private static void warmUp(KinesisBench bench, Live live) throws Exception {
        bench.feed().put(live.arn, live.put++);
        live.reader.await(0, 1, KinesisBench.BOUND_MILLIS);
        slice(bench, live, WARM_UP);
    }

    private static void measure(KinesisBench bench, KinesisReport report, Map<Contender, Live> readers) throws Exception {
        Map<ReadOrder.Access, Figures<Slice>> slices = new LinkedHashMap<>();
        for (int round = 0; round < rounds(bench); round++) {
            for (Map.Entry<Contender, Live> reader : readers.entrySet()) {
                slices.computeIfAbsent(reader.getKey().access(), first -> new Figures<>())
                        .add(reader.getKey().title(), slice(bench, reader.getValue(), SLICE));
            }
        }
        slices.forEach((access, figures) -> add(bench, report, access, figures));
        idle(bench, report, readers);
    }

    private static void add(
            KinesisBench bench, KinesisReport report, ReadOrder.Access access, Figures<Slice> figures) {
        String how = (access == ReadOrder.Access.POLLING ? "polling" : "fan-out") + bench.on();
        Figure half = figures.figure(
                "put to handler, p50, " + how, "ms", "%.1f", false, slice -> slice.millis().percentile(50));
        Figure most = figures.figure(
                "put to handler, p99, " + how, "ms", "%.1f", false, slice -> slice.millis().percentile(99));
        Figure requests = figures.figure(
                "requests meanwhile, " + how, "per record", "%.3f", false, slice -> (double) slice.requests() / SLICE);
        String remark = access == ReadOrder.Access.POLLING
                ? "A reader that polls waits for its next turn: Shardmill asks five times a second while records come, the KCL after"
                        + " its idleTimeBetweenReads. With 200 ms that is the same, 100 ms in the middle for both."
                : "The server pushes the records; what is left is the reader's own way from the event to the handler."
                        + " kinesis-local pushes once a second.";
        report.judge(bench, "K2", half, remark);
        report.judge(bench, "K2", most, remark);
        report.judge(bench, "K5", requests, REQUESTS);
        report.table(Figure.table(List.of(half, most, requests)));
    }

    private static Slice slice(KinesisBench bench, Live live, int records) throws Exception {
        live.reader.takeLatencies();
        long before = live.reader.sent();
        long next = System.nanoTime();
        int from = live.put;
        while (live.put < from + records) {
            bench.feed().put(live.arn, live.put++);
            next += 1_000_000_000L / PER_SECOND;
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        boolean isComplete = live.reader.await(from, live.put, KinesisBench.BOUND_MILLIS);
        long requests = live.reader.sent() - before;
        double[] millis = live.reader.takeLatencies().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        return new Slice(new Samples(isComplete ? millis : new double[] {Double.NaN}), requests);
    }

    private static void idle(KinesisBench bench, KinesisReport report, Map<Contender, Live> readers) throws Exception {
        for (Live live : readers.values()) {
            live.sentBefore = live.reader.sent();
        }
        Thread.sleep(IDLE_SECONDS * 1_000L);
        Figures<Long> polling = new Figures<>();
        for (Map.Entry<Contender, Live> reader : readers.entrySet()) {
            long sent = reader.getValue().reader.sent() - reader.getValue().sentBefore;
            if (reader.getKey().access() == ReadOrder.Access.POLLING) {
                polling.add(reader.getKey().title(), sent);
            }
        }
        Figure idle = polling.figure(
                "requests of an idle shard, polling" + bench.on(), "per second", "%.2f", false, requests ->
                        (double) requests / IDLE_SECONDS);
        report.judge(
                bench,
                "K5",
                idle,
                "Shardmill asks an idle shard once a second, as Lambda does: the pause doubles from 200 ms to its maximum-idle of 1 s."
                        + " The KCL asks after idleTimeBetweenReads, 1.5 s by default, whether records come or not.");
        report.table(Figure.table(List.of(idle)));
    }
}
