package io.shardmill.benchmarks;

import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.BatchFunction;
import java.util.List;

/** What a person would write without a runtime: reads every shard in batches and calls the function. No retry, no checkpoint. */
final class PlainLoop {

    private static final int MAX_BYTES = 6 << 20;

    private PlainLoop() {}

    /** Delivers all that is in the stream. */
    static void deliver(StreamSource source, int threads, int batchSize, BatchFunction function) throws Exception {
        List<String> shards =
                source.describe().shards().stream().map(ShardDescription::id).toList();
        Parallel.forEach(threads, shards, shard -> deliver(source, shard, batchSize, function));
    }

    private static void deliver(StreamSource source, String shard, int batchSize, BatchFunction function)
            throws Exception {
        try (ShardReader reader = source.open(shard, Position.trimHorizon(), () -> {})) {
            while (reader.read(batchSize, MAX_BYTES) instanceof ReadResult.Records read) {
                function.invoke(read.records());
            }
        }
    }
}
