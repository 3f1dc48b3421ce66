package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.Durability;
import io.shardmill.function.PutEntry;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** G7: puts that survive the death of the machine, beside a bare loop of write and fsync on the same file system. */
final class DurablePut implements Benchmark {

    private static final int RECORD = 1024;
    private static final int BATCH = 100;
    private static final int WRITERS = 64;

    /** Bytes per second of the bare loop and of batches; single puts per second of one writer and of many. */
    private record Rates(double bare, double batches, double one, double many) {}

    @Override
    public List<String> targets() {
        return List.of("G7");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        Path folder = bench.folder("put");
        Duration run = bench.run().dividedBy(2);
        try (EmbeddedStreams streams =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder).withDurability(Durability.MACHINE))) {
            streams.createStream("put", 1);
            round(streams, folder, run.dividedBy(4));
            List<Rates> rounds = bench.rounds(() -> round(streams, folder, run));
            Samples batches = Samples.of(rounds, rates -> rates.batches() / rates.bare());
            report.add(new Verdict(
                    "G7",
                    "durable put of 100 x 1 KiB: >= 0.6 of a bare write and fsync of 100 KiB",
                    batches.ratio(),
                    batches.median() >= 0.6,
                    "One writer each: %s bare, %s put."
                            .formatted(
                                    Samples.of(rounds, rates -> rates.bare() / 1e6)
                                            .show("%.0f", " MB/s"),
                                    Samples.of(rounds, rates -> rates.batches() / 1e6)
                                            .show("%.0f", " MB/s"))));
            Samples writers = Samples.of(rounds, rates -> rates.many() / rates.one());
            report.add(new Verdict(
                    "G7",
                    "64 writers of single durable puts: >= 12 times one writer",
                    writers.ratio(),
                    writers.median() >= 12,
                    "%s and %s puts/s: writers that wait share an fsync."
                            .formatted(
                                    Samples.of(rounds, Rates::many).show("%.0f", ""),
                                    Samples.of(rounds, Rates::one).show("%.0f", ""))));
        } finally {
            Bench.delete(folder);
        }
    }

    private static Rates round(EmbeddedStreams streams, Path folder, Duration run) throws Exception {
        PutEntry entry = PutEntry.of("key", new byte[RECORD]);
        List<PutEntry> batch = Collections.nCopies(BATCH, entry);
        return new Rates(
                bare(folder, run),
                rate(1, run, () -> streams.putAll("put", batch)) * BATCH * RECORD,
                rate(1, run, () -> streams.put("put", entry)),
                rate(WRITERS, run, () -> streams.put("put", entry)));
    }

    private static double bare(Path folder, Duration run) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH * RECORD);
        try (FileChannel file = FileChannel.open(
                folder.resolve("bare"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            return rate(1, run, () -> {
                        bytes.clear();
                        while (bytes.hasRemaining()) {
                            file.write(bytes);
                        }
                        file.force(false);
                    })
                    * BATCH
                    * RECORD;
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    /** Calls per second of so many threads. */
    private static double rate(int threads, Duration run, Call call) throws Exception {
        AtomicLong calls = new AtomicLong();
        long since = System.nanoTime();
        Parallel.forEach(threads, IntStream.range(0, threads).boxed().toList(), writer -> {
            while (System.nanoTime() - since < run.toNanos()) {
                call.run();
                calls.incrementAndGet();
            }
        });
        return calls.get() * 1e9 / (System.nanoTime() - since);
    }
}
