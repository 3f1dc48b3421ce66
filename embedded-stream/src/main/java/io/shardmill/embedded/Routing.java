package io.shardmill.embedded;

import java.util.Comparator;
import java.util.List;

/** Which open shard takes a hash key: the open shards' ranges share out the whole ring. Immutable. */
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

    /** @throws IllegalArgumentException if the ranges overlap or leave a gap */
    static void requireWholeRing(List<HashRange> ranges) {
        List<HashRange> sorted =
                ranges.stream().sorted(Comparator.comparing(HashRange::start)).toList();
        boolean whole = !sorted.isEmpty()
                && sorted.get(0).start().equals(HashKey.ZERO)
                && sorted.get(sorted.size() - 1).end().equals(HashKey.MAX);
        for (int i = 1; whole && i < sorted.size(); i++) {
            whole = sorted.get(i - 1).isJustBefore(sorted.get(i));
        }
        if (!whole) {
            throw new IllegalArgumentException("the open shards' hash ranges must share out 0 to 2^128 - 1");
        }
    }
}
