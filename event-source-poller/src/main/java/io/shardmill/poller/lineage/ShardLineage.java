package io.shardmill.poller.lineage;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parents before children (spec 9.5): a shard may start when each of its parents is ended by its row, or is
 * no longer listed: then its records are gone and there is nothing to wait for. A parent that is skipped is
 * one to look through: what comes before it has to be done.
 */
public final class ShardLineage {

    private final StreamDescription listing;
    private final Map<String, CheckpointRow> rows = new HashMap<>();

    public ShardLineage(StreamDescription listing, Collection<CheckpointRow> rows) {
        this.listing = listing;
        rows.forEach(row -> this.rows.put(row.shard(), row));
    }

    /** Listed shards without a row: they came later than the mapping and are read from their beginning (spec 9.4). */
    public List<ShardDescription> unknown() {
        return listing.shards().stream()
                .filter(shard -> !rows.containsKey(shard.id()))
                .toList();
    }

    /** Shards to be read whose parents are done, in the order of the listing. */
    public List<String> startable() {
        return listing.shards().stream()
                .filter(shard -> !isDone(shard.id()))
                .filter(this::mayStart)
                .map(ShardDescription::id)
                .toList();
    }

    private boolean mayStart(ShardDescription shard) {
        return shard.parents().stream().allMatch(this::isOver);
    }

    /** Whether neither the shard nor any before it has anything left to deliver. */
    private boolean isOver(String shard) {
        return listing.shards().stream()
                .filter(listed -> listed.id().equals(shard))
                .allMatch(listed -> isIn(shard, ShardState.ENDED) || (isDone(shard) && mayStart(listed)));
    }

    /** The shard's row, or null if it has none. */
    public @Nullable CheckpointRow row(String shard) {
        return rows.get(shard);
    }

    /** Shards that have a row but are no longer listed. */
    public List<String> forgotten() {
        return rows.keySet().stream().filter(shard -> !isListed(shard)).toList();
    }

    /** The shard and all that come of it, as far as the stream still lists them. */
    public Set<String> withDescendants(String shard) {
        Set<String> found = new HashSet<>(Set.of(shard));
        boolean grew = true;
        while (grew) {
            grew = found.addAll(listing.shards().stream()
                    .filter(child -> child.parents().stream().anyMatch(found::contains))
                    .map(ShardDescription::id)
                    .toList());
        }
        return found;
    }

    private boolean isListed(String shard) {
        return listing.shards().stream().anyMatch(listed -> listed.id().equals(shard));
    }

    private boolean isDone(String shard) {
        return isIn(shard, ShardState.ENDED) || isIn(shard, ShardState.SKIPPED);
    }

    private boolean isIn(String shard, ShardState state) {
        CheckpointRow row = rows.get(shard);
        return row != null && row.state() == state;
    }
}
