package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.HashKey;
import java.util.Comparator;
import java.util.List;

/** Finds the open shard for a hash key; the open shards' ranges cover the whole ring, or there are none. Immutable. */
final class Routing {

    private final long[] startHigh;
    private final long[] startLow;
    private final ShardAppender[] shards;

    Routing(List<ShardAppender> openShards) {
        List<ShardAppender> sorted = openShards.stream()
                .sorted(Comparator.comparing(shard -> shard.log().meta().range().start()))
                .toList();
        startHigh = new long[sorted.size()];
        startLow = new long[sorted.size()];
        shards = sorted.toArray(ShardAppender[]::new);
        for (int i = 0; i < shards.length; i++) {
            HashKey start = shards[i].log().meta().range().start();
            startHigh[i] = start.high();
            startLow[i] = start.low();
        }
    }

    boolean isEmpty() {
        return shards.length == 0;
    }

    ShardAppender shardFor(long high, long low) {
        int from = 0;
        int to = shards.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (HashKey.compare(startHigh[middle], startLow[middle], high, low) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return shards[from];
    }
}
