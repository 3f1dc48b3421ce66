package io.shardmill.poller.assignment;

import io.shardmill.poller.checkpoint.CheckpointRow;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's shards as they are shared among processes. Immutable.
 *
 * @param owner the name under which this process owns shards; another one after it was taken for dead
 * @param isKnown false until the other processes were seen: they may consume any shard
 * @param isDraining whether this process is to have no shards
 * @param free the shards that no other process owns; null if there are no other processes
 * @param assigned those of them that this process is to consume; null for all
 * @param handOver shards that this process owns and other processes are to consume
 * @param elsewhere the owners of shards that other processes consume
 */
public record Share(
        String owner,
        boolean isKnown,
        boolean isDraining,
        @Nullable Map<String, Free> free,
        @Nullable Set<String> assigned,
        Set<String> handOver,
        Map<String, String> elsewhere) {

    /**
     * A shard that no other process owns.
     *
     * @param epoch at which that is so
     * @param acquisition how this process comes to it, if it takes it
     */
    public record Free(long epoch, Acquisition acquisition) {}

    public Share {
        free = free == null ? null : Map.copyOf(free);
        assigned = assigned == null ? null : Set.copyOf(assigned);
        handOver = Set.copyOf(handOver);
        elsewhere = Map.copyOf(elsewhere);
    }

    /** All shards are this process's: there is no other one. */
    public static Share whole(String owner) {
        return new Share(owner, true, false, null, null, Set.of(), Map.of());
    }

    /** The other processes were not seen yet. */
    public static Share unknown(String owner) {
        return new Share(owner, false, false, Map.of(), Set.of(), Set.of(), Map.of());
    }

    /** Returns whether there may be other processes. */
    public boolean isShared() {
        return free != null;
    }

    /** Returns whether no other process owns the shard, whose row is still as it was when that was determined. */
    public boolean isFree(CheckpointRow row) {
        Long epoch = epoch(row.shard());
        return free == null || (epoch != null && epoch == row.epoch());
    }

    /** Returns the epoch at which no other process owns the shard; null if one does, or there are no others. */
    public @Nullable Long epoch(String shard) {
        Free known = free == null ? null : free.get(shard);
        return known == null ? null : (Long) known.epoch();
    }

    /** Returns how this process comes to the shard; null if there are no others, or one of them owns it. */
    public @Nullable Acquisition acquisition(String shard) {
        Free known = free == null ? null : free.get(shard);
        return known == null ? null : known.acquisition();
    }

    /** Returns whether this process is to take the shard. */
    public boolean isToBeTaken(CheckpointRow row) {
        return isFree(row) && (assigned == null || assigned.contains(row.shard()));
    }
}
