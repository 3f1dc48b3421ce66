package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Streams and a database to share their shards through. */
record SharedShards(PostgresServer server, Bench bench) {

    private static final long PATIENCE_MILLIS = 120_000;

    /** Returns a new stream {@code many}, of which the database knows nothing. */
    EmbeddedStreams streams(int shards) throws IOException {
        server.clear();
        EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(bench.folder("streams")));
        streams.createStream("many", shards);
        return streams;
    }

    /** How many shards each owner has. */
    static Map<String, Integer> owners(CheckpointStore store) {
        Map<String, Integer> owners = new HashMap<>();
        for (ShardOwnership shard : store.unfinished(SharingEngine.NAMESPACE)) {
            if (shard.owner() != null) {
                owners.merge(shard.owner(), 1, Integer::sum);
            }
        }
        return owners;
    }

    /** Returns whether so many replicas have all shards, within one of even. */
    static boolean isEven(CheckpointStore store, int replicas, int shards) {
        Map<String, Integer> owners = owners(store);
        int all = owners.values().stream().mapToInt(Integer::intValue).sum();
        return owners.size() == replicas
                && all == shards
                && owners.values().stream().allMatch(count -> Math.abs(count - shards / (double) replicas) < 1);
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not within " + PATIENCE_MILLIS + " ms: " + what);
            }
            Thread.sleep(20);
        }
    }
}
