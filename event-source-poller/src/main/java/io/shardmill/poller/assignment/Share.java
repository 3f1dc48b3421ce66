package io.shardmill.poller.assignment;

import io.shardmill.poller.checkpoint.CheckpointRow;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's shards as they are shared among processes. Immutable.
 *
 * @param owner the name under which this process owns shards; another one after it was taken for dead
 * @param isKnown false until the other processes were seen: they may consume any shard
 * @param assigned the shards that this process is to consume, with the epochs at which nobody else owns them; null for all
 * @param handOver shards that this process owns and others are to consume
 * @param elsewhere the owners of shards that other processes consume
 */
public record Share(
        String owner,
        boolean isKnown,
        @Nullable Map<String, Long> assigned,
        Set<String> handOver,
        Map<String, String> elsewhere) {

    public Share {
        assigned = assigned == null ? null : Map.copyOf(assigned);
        handOver = Set.copyOf(handOver);
        elsewhere = Map.copyOf(elsewhere);
    }

    /** As it was determined. */
    public Share(String owner, Map<String, Long> assigned, Set<String> handOver, Map<String, String> elsewhere) {
        this(owner, true, assigned, handOver, elsewhere);
    }

    /** All shards are this process's: there is no other one. */
    public static Share whole(String owner) {
        return new Share(owner, true, null, Set.of(), Map.of());
    }

    /** The other processes were not seen yet. */
    public static Share unknown(String owner) {
        return new Share(owner, false, Map.of(), Set.of(), Map.of());
    }

    /** Returns whether this process is to take the shard, whose row is still as it was when that was determined. */
    public boolean isToBeTaken(CheckpointRow row) {
        return assigned == null || Objects.equals(assigned.get(row.shard()), row.epoch());
    }
}
