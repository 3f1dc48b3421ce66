package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** G9: the older half of 200 MB is trimmed while a reader replays the stream. */
final class Trim implements Benchmark {

    private static final String STREAM = "trimmed";
    private static final int RECORD = 1024;
    private static final int BATCH = 100;
    private static final long RECORDS = 200_000;
    private static final int SEGMENT_BYTES = 8 << 20;
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration BEFORE = Duration.ofMillis(200);
    private static final Duration AFTER = Duration.ofMillis(50);

    private record Trimmed(double millis, double longestRead, double usualLongestRead, double kept) {}

    @Override
    public List<String> targets() {
        return List.of("G9");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        trim(bench);
        List<Trimmed> rounds = bench.rounds(() -> trim(bench));
        Samples millis = Samples.of(rounds, Trimmed::millis);
        Samples longest = Samples.of(rounds, Trimmed::longestRead);
        report.add(new Verdict(
                "G9",
                "trim the older half of 200 MB: <= 20 ms, no read takes longer than 10 ms meanwhile",
                millis.show("%.1f", " ms") + ", longest read " + longest.show("%.1f", " ms"),
                millis.median() <= 20 && longest.median() <= 10,
                "Segments of 8 MiB, a reader that replays the stream until %d ms after the trim; %s of the records are kept; the longest read in the %d ms before the trim took %s."
                        .formatted(
                                AFTER.toMillis(),
                                Samples.of(rounds, Trimmed::kept).show("%.2f", ""),
                                BEFORE.toMillis(),
                                Samples.of(rounds, Trimmed::usualLongestRead).show("%.1f", " ms"))));
    }

    private static Trimmed trim(Bench bench) throws Exception {
        Path folder = bench.folder("trim");
        AtomicLong now = new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder)
                .withSegmentBytes(SEGMENT_BYTES)
                .withRetention(RETENTION)
                .withClock(new SetClock(now)))) {
            streams.createStream(STREAM, 1);
            List<PutEntry> batch = Collections.nCopies(BATCH, PutEntry.of("key", new byte[RECORD]));
            for (long count = 0; count < RECORDS; count += BATCH) {
                if (count == RECORDS / 2) {
                    now.addAndGet(Duration.ofHours(2).toMillis());
                }
                streams.putAll(STREAM, batch);
            }
            try (Replays replays = new Replays(streams.find(STREAM).orElseThrow())) {
                Thread.sleep(BEFORE.toMillis());
                double usual = replays.longestMillis();
                now.addAndGet(RETENTION.minusHours(1).toMillis());
                long since = System.nanoTime();
                streams.applyRetention();
                double millis = (System.nanoTime() - since) / 1e6;
                Thread.sleep(AFTER.toMillis());
                double longest = replays.longestMillis();
                Meter meter = new Meter();
                meter.expect(Long.MAX_VALUE);
                PlainLoop.deliver(streams.find(STREAM).orElseThrow(), 1, BATCH, meter);
                return new Trimmed(millis, longest, usual, meter.seen() / (double) RECORDS);
            }
        } finally {
            Bench.delete(folder);
        }
    }

    /** A thread that reads the stream from its beginning again and again, and how long its longest read took. */
    private static final class Replays implements AutoCloseable {

        private final StreamSource source;
        private final AtomicLong longestNanos = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "replays");

        Replays(StreamSource source) {
            this.source = source;
            thread.start();
        }

        private void run() {
            String shard = source.describe().shards().get(0).id();
            while (!closed.get()) {
                try (ShardReader reader = source.open(shard, Position.trimHorizon(), () -> {})) {
                    ReadResult result;
                    do {
                        long since = System.nanoTime();
                        result = reader.read(BATCH, 6 << 20);
                        longestNanos.accumulateAndGet(System.nanoTime() - since, Math::max);
                    } while (!closed.get() && !(result instanceof ReadResult.Nothing));
                }
            }
        }

        /** Since the last time it was asked. */
        double longestMillis() {
            return longestNanos.getAndSet(0) / 1e6;
        }

        @Override
        public void close() throws InterruptedException {
            closed.set(true);
            thread.join();
        }
    }

    private static final class SetClock extends Clock {

        private final AtomicLong millis;

        SetClock(AtomicLong millis) {
            this.millis = millis;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis.get());
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException("always UTC");
        }
    }
}
