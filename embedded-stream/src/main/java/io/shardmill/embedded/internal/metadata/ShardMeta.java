package io.shardmill.embedded.internal.metadata;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a shard as stored, without its records.
 *
 * @param createdSecond since the epoch; part of its sequence numbers, at least one more than its parents'
 * @param parents indexes: none, the shard it was split from, or the two it was merged from
 * @param closing null while it is open
 */
public record ShardMeta(
        int index,
        long createdSecond,
        HashRange range,
        List<Integer> parents,
        @Nullable Closing closing) {

    public ShardMeta {
        parents = List.copyOf(parents);
    }

    /** Marks the end of a shard: the ending sequence number's counter, larger than any record's, and the time. */
    public record Closing(long counter, long millis) {}

    public String id() {
        return SequenceNumbers.shardId(index);
    }

    public List<String> parentIds() {
        return parents.stream().map(SequenceNumbers::shardId).toList();
    }

    @JsonIgnore
    public boolean isOpen() {
        return closing == null;
    }

    public SequenceNumbers numbers() {
        return new SequenceNumbers(index, createdSecond);
    }

    public ShardMeta closed(long counter, long millis) {
        return new ShardMeta(index, createdSecond, range, parents, new Closing(counter, millis));
    }
}
