package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.BatchFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** G10: what a mapping costs that has nothing to do. Each number of shards in a process of its own. */
final class IdleShards implements Benchmark {

    static final String CHILD = "child-idle";

    private static final List<Integer> SHARDS = List.of(1, 1_000, 10_000);
    private static final Duration WATCHED = Duration.ofSeconds(5);
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xms96m", "-Xmx1g");

    /** @param cpu percent of one core */
    private record Idle(int shards, double cpu, long residentKib, long heapKib, int threads, double startSeconds) {

        static Idle parse(String line) {
            String[] words = line.split(" ", -1);
            return new Idle(
                    Integer.parseInt(words[0]),
                    Double.parseDouble(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Integer.parseInt(words[4]),
                    Double.parseDouble(words[5]));
        }

        String print() {
            return String.format(
                    Locale.ROOT, "%d %.3f %d %d %d %.1f", shards, cpu, residentKib, heapKib, threads, startSeconds);
        }
    }

    @Override
    public List<String> targets() {
        return List.of("G10");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        List<Idle> found = new ArrayList<>();
        for (int shards : SHARDS) {
            Path folder = bench.folder("idle");
            try (ChildJvm child = new ChildJvm(JVM, CHILD, folder.toString(), Integer.toString(shards))) {
                found.add(Idle.parse(child.line()));
            } finally {
                Bench.delete(folder);
            }
        }
        table(report, found);
        Idle one = found.get(0);
        Idle thousand = found.get(1);
        Idle tenThousand = found.get(2);
        report.add(new Verdict(
                "G10",
                "1,000 idle shards: <= 1 % of one core; 10,000: <= 2 %; threads do not grow with shards",
                String.format(
                        Locale.ROOT,
                        "%.2f %%; %.2f %%; %d, %d and %d threads",
                        thousand.cpu(),
                        tenThousand.cpu(),
                        one.threads(),
                        thousand.threads(),
                        tenThousand.threads()),
                thousand.cpu() <= 1
                        && tenThousand.cpu() <= 2
                        && tenThousand.threads() <= one.threads() + 2 * bench.threads(),
                "Stream and engine in one process, watched for %d s after a collection."
                        .formatted(WATCHED.toSeconds())));
        double perShard = kibPerShard(thousand, tenThousand);
        report.add(new Verdict(
                "G10",
                "memory of an idle shard: <= 16 KiB",
                String.format(Locale.ROOT, "%.1f KiB", perShard),
                perShard <= 16,
                String.format(
                        Locale.ROOT,
                        "Growth of the resident set from 1,000 to 10,000 shards, for each. From 1 to 1,000 it is %.1f KiB, which includes the code that is compiled and the heap that is touched for the first time meanwhile.",
                        kibPerShard(one, thousand))));
    }

    private static double kibPerShard(Idle few, Idle many) {
        return (many.residentKib() - few.residentKib()) / (double) (many.shards() - few.shards());
    }

    private static void table(Report report, List<Idle> found) {
        report.section("Idle shards", "A mapping that has read everything, in a process of its own.");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("shards", "% of one core", "resident MiB", "heap MiB", "threads", "seconds to start all"));
        for (Idle idle : found) {
            rows.add(List.of(
                    String.format(Locale.ROOT, "%,d", idle.shards()),
                    String.format(Locale.ROOT, "%.2f", idle.cpu()),
                    Long.toString(idle.residentKib() >> 10),
                    Long.toString(idle.heapKib() >> 10),
                    Integer.toString(idle.threads()),
                    String.format(Locale.ROOT, "%.1f", idle.startSeconds())));
        }
        report.table(rows);
    }

    /** In the child: opens, waits until all shards are idle, watches, and prints one line. */
    static void watch(Path folder, int shards) throws IOException, InterruptedException {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve("streams")));
                Checkpoints checkpoints = new Checkpoints(Files.createDirectories(folder.resolve("checkpoints")));
                EngineRuntime engine = new EngineRuntime(streams, Map.of("idle", new Nothing()), checkpoints.store())) {
            streams.createStream("idle", shards);
            long since = System.nanoTime();
            engine.mappings().start(EventSourceMapping.of("idle", "idle"), StartOptions.FROM_CHECKPOINTS);
            if (!engine.mappings().awaitDrained(Duration.ofMinutes(2))) {
                throw new IllegalStateException("Not all of " + shards + " shards were started within 2 minutes");
            }
            double startSeconds = (System.nanoTime() - since) / 1e9;
            Thread.sleep(11_000); // the pool's idle threads end after 10 s
            System.gc();
            Thread.sleep(500);
            long cpu = Machine.cpuNanos();
            Thread.sleep(WATCHED.toMillis());
            double percent = (Machine.cpuNanos() - cpu) * 100.0 / WATCHED.toNanos();
            Runtime heap = Runtime.getRuntime();
            System.out.println(new Idle(
                            shards,
                            percent,
                            Machine.residentBytes() >> 10,
                            (heap.totalMemory() - heap.freeMemory()) >> 10,
                            Machine.threads(),
                            startSeconds)
                    .print());
        }
    }

    private record Nothing() implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) {
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }
}
