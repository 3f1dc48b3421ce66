package io.shardmill.embedded;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a shard beside its records.
 *
 * @param createdSecond since the epoch; part of its sequence numbers, at least one more than its parents'
 * @param parents indexes: none, the shard it was split from, or the two it was merged from
 * @param closing null while it is open
 */
record ShardMeta(
        int index,
        long createdSecond,
        HashRange range,
        List<Integer> parents,
        @Nullable Closing closing) {

    ShardMeta {
        parents = List.copyOf(parents);
    }

    /** The ending sequence number's counter (larger than any record's) and when the shard was closed. */
    record Closing(long counter, long millis) {}

    String id() {
        return SequenceNumbers.shardId(index);
    }

    List<String> parentIds() {
        return parents.stream().map(SequenceNumbers::shardId).toList();
    }

    boolean isOpen() {
        return closing == null;
    }

    SequenceNumbers numbers() {
        return new SequenceNumbers(index, createdSecond);
    }

    ShardMeta closed(long counter, long millis) {
        return new ShardMeta(index, createdSecond, range, parents, new Closing(counter, millis));
    }
}
