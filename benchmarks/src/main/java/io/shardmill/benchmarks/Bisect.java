package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.BatchFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** G12: one poison record in a batch of 100, at each of the hundred places. Counted, not timed. */
final class Bisect implements Benchmark {

    private static final int BATCH = 100;
    private static final int LIMIT = 15;

    @Override
    public List<String> targets() {
        return List.of("G12");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        Path folder = bench.folder("bisect");
        Set<Integer> discarded = new ConcurrentSkipListSet<>();
        AtomicIntegerArray calls = new AtomicIntegerArray(BATCH);
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder));
                EngineRuntime engine = new EngineRuntime(
                        streams,
                        Map.of("bisect", new Poisoned(calls)),
                        new InMemoryCheckpointStore(),
                        Map.of("poison", batch -> batch.records().forEach(record -> discarded.add(number(record)))))) {
            streams.createStream("bisect", 1);
            Set<Integer> poison = new TreeSet<>();
            List<PutEntry> entries = new ArrayList<>();
            for (int number = 0; number < BATCH * BATCH; number++) {
                if (isPoison(number)) {
                    poison.add(number);
                }
                entries.add(PutEntry.of("key", Integer.toString(number)));
            }
            streams.putAll("bisect", entries);
            engine.mappings()
                    .start(
                            EventSourceMapping.of("bisect", "bisect")
                                    .with(FailureHandling.defaults()
                                            .withMaximumRetryAttempts(0)
                                            .withBisect()
                                            .withDestination("poison")),
                            StartOptions.FROM_CHECKPOINTS);
            if (!engine.mappings().awaitDrained(Duration.ofMinutes(1))) {
                throw new IllegalStateException("Not drained within a minute");
            }
            int most = 0;
            for (int batch = 0; batch < BATCH; batch++) {
                most = Math.max(most, calls.get(batch));
            }
            report.add(new Verdict(
                    "G12",
                    "one poison record in a batch of 100: <= 15 calls, and only it at the destination",
                    "at most " + most + " calls, " + discarded.size() + " of " + poison.size()
                            + " poison records and nothing else at the destination",
                    most <= LIMIT && discarded.equals(poison),
                    "A hundred batches, the poison at another place in each; no retries. Counted, not timed."));
        } finally {
            Bench.delete(folder);
        }
    }

    /** In batch i it is record i. */
    private static boolean isPoison(int number) {
        return number % BATCH == number / BATCH;
    }

    private static int number(Record record) {
        return Integer.parseInt(record.text());
    }

    private record Poisoned(AtomicIntegerArray calls) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) {
            calls.incrementAndGet(number(batch.get(0)) / BATCH);
            for (Record record : batch) {
                if (isPoison(number(record))) {
                    throw new IllegalArgumentException("poison");
                }
            }
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return false;
        }
    }
}
