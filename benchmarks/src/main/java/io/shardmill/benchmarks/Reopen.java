package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** G8: a folder whose process was killed while it put is opened again, beside a bare scan of its last segment. */
final class Reopen implements Benchmark {

    static final String CHILD = "child-put";

    private static final String STREAM = "killed";
    private static final int RECORD = 1024;
    private static final int BATCH = 100;
    private static final long RECORDS = 200_000;
    private static final int SEGMENT_BYTES = 512 << 20;

    private record Opened(double millis, double scanMillis, long lost) {}

    @Override
    public List<String> targets() {
        return List.of("G8");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        reopen(bench);
        List<Opened> rounds = bench.rounds(() -> reopen(bench));
        Samples ratio = Samples.of(rounds, opened -> opened.millis() / opened.scanMillis());
        long lost = rounds.stream().mapToLong(Opened::lost).sum();
        report.add(new Verdict(
                "G8",
                "reopen after kill -9: <= 1.5 times a bare CRC scan of the last segment, no acknowledged record lost",
                ratio.ratio() + ", " + lost + " lost",
                ratio.median() <= 1.5 && lost == 0,
                "%,d records in one segment; %s, the bare scan %s. The opening also locks the folder, makes its number durable, looks through the free space behind the last record (up to 16 MiB) and cuts it off."
                        .formatted(
                                RECORDS,
                                Samples.of(rounds, Opened::millis).show("%.0f", " ms"),
                                Samples.of(rounds, Opened::scanMillis).show("%.0f", " ms"))));
    }

    private static Opened reopen(Bench bench) throws Exception {
        Path folder = bench.folder("reopen");
        long acknowledged = 0;
        try (ChildJvm child = new ChildJvm(List.of(), CHILD, folder.toString())) {
            while (acknowledged < RECORDS) {
                acknowledged = Long.parseLong(child.line());
            }
            String last = child.kill();
            acknowledged = last.matches("[0-9]+") ? Math.max(acknowledged, Long.parseLong(last)) : acknowledged;
        }
        Path segment = BareScan.segments(folder).get(0);
        long since = System.nanoTime();
        long frames = BareScan.frames(segment);
        double scan = (System.nanoTime() - since) / 1e6;
        if (frames < acknowledged) {
            throw new IllegalStateException("The segment file has " + frames + " records, not " + acknowledged);
        }
        since = System.nanoTime();
        try (EmbeddedStreams streams = EmbeddedStreams.open(settings(folder))) {
            double open = (System.nanoTime() - since) / 1e6;
            Meter meter = new Meter();
            meter.expect(Long.MAX_VALUE);
            PlainLoop.deliver(streams.find(STREAM).orElseThrow(), 1, BATCH, meter);
            return new Opened(open, scan, Math.max(0, acknowledged - meter.seen()));
        } finally {
            Bench.delete(folder);
        }
    }

    private static EmbeddedStreamsSettings settings(Path folder) {
        return EmbeddedStreamsSettings.in(folder).withSegmentBytes(SEGMENT_BYTES);
    }

    /** In the child: puts until it is killed, and prints how many were acknowledged. */
    static void putForEver(Path folder) {
        EmbeddedStreams streams = EmbeddedStreams.open(settings(folder));
        streams.createStream(STREAM, 1);
        List<PutEntry> batch = Collections.nCopies(BATCH, PutEntry.of("key", new byte[RECORD]));
        for (long count = BATCH; ; count += BATCH) {
            streams.putAll(STREAM, batch);
            System.out.println(count);
        }
    }
}
