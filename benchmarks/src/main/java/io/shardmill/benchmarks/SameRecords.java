package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.runtime.BatchFunction;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that a function gets the very objects that the reader made: a runtime that copies them, through JSON
 * even, is measured doing something else.
 */
final class SameRecords implements BatchFunction {

    private static final int RECORDS = 10_000;

    private final Set<Record> read = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private SameRecords() {}

    static void check(Bench bench) throws Exception {
        try (Backlog backlog = Backlog.fill(bench.folder("same"), 1, RECORDS, 100)) {
            SameRecords engine = new SameRecords();
            engine.check(
                    "engine",
                    backlog,
                    new EngineRuntime(engine.watching(backlog), Map.of("same", engine), new InMemoryCheckpointStore()));
            SameRecords spring = new SameRecords();
            spring.check(
                    "Spring application",
                    backlog,
                    new SpringRuntime(spring.watching(backlog), spring, bench.folder("application")));
        }
    }

    private void check(String name, Backlog backlog, RuntimeUnderTest opened) {
        try (RuntimeUnderTest runtime = opened) {
            String function = runtime instanceof SpringRuntime ? SpringRuntime.FUNCTION : "same";
            runtime.mappings()
                    .start(
                            EventSourceMapping.of("same", backlog.stream()).withFunction(function),
                            StartOptions.FROM_CHECKPOINTS);
            if (!runtime.mappings().awaitDrained(Duration.ofMinutes(1)) || !read.isEmpty()) {
                throw new IllegalStateException(
                        "The " + name + " did not hand over " + read.size() + " of the reader's own records");
            }
        }
    }

    private StreamCatalog watching(Backlog backlog) {
        return name -> Optional.of(new WatchedSource(backlog.source(), this::wasRead));
    }

    private void wasRead(ReadResult result) {
        if (result instanceof ReadResult.Records records) {
            read.addAll(records.records());
        }
    }

    @Override
    public Result invoke(List<Record> batch) {
        batch.forEach(read::remove);
        return Result.success();
    }

    @Override
    public boolean reportsItemFailures() {
        return true;
    }
}
