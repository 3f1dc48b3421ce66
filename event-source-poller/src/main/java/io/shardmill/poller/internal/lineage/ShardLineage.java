package io.shardmill.poller.internal.lineage;

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
 * neither listed nor consumed any more: then its records are gone and there is nothing to wait for. A parent
 * that is skipped, or forgotten with its row still there, is one to look through: what comes before it has to be done.
 * Not thread-safe.
 */
public final class ShardLineage {

    private final StreamDescription listing;
    private final Map<String, ShardDescription> listed = new HashMap<>();
    private final Map<String, CheckpointRow> rows = new HashMap<>();
    private final Set<String> consumed;
    private final Map<String, Boolean> over = new HashMap<>();

    /** @param consumed shards that are being consumed, listed or not: their children wait until their end is saved */
    public ShardLineage(StreamDescription listing, Collection<CheckpointRow> rows, Set<String> consumed) {
        this.listing = listing;
        this.consumed = consumed;
        listing.shards().forEach(shard -> listed.put(shard.id(), shard));
        rows.forEach(row -> this.rows.put(row.shard(), row));
    }

    /** Listed shards without a row: they came later than the mapping and are read from their beginning (spec 9.4). */
    public List<ShardDescription> unknown() {
        return listing.shards().stream()
                .filter(shard -> !rows.containsKey(shard.id()))
                .toList();
    }

    /** Whether nothing of the listed shards is left to deliver, now or later. */
    public boolean isFinished() {
        return listing.shards().stream().allMatch(shard -> isDone(shard.id()));
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
        Boolean known = over.get(shard);
        if (known == null) {
            known = isIn(shard, ShardState.ENDED) || (!consumed.contains(shard) && hasNothingLeft(shard));
            over.put(shard, known);
        }
        return known;
    }

    private boolean hasNothingLeft(String shard) {
        boolean isNotRead = !listed.containsKey(shard) || isIn(shard, ShardState.SKIPPED);
        return isNotRead && parents(shard).stream().allMatch(this::isOver);
    }

    private List<String> parents(String shard) {
        ShardDescription description = listed.get(shard);
        CheckpointRow row = rows.get(shard);
        return description != null ? description.parents() : row != null ? row.parents() : List.of();
    }

    /** The shard's row, or null if it has none. */
    public @Nullable CheckpointRow row(String shard) {
        return rows.get(shard);
    }

    /** Shards that have a row, are no longer listed, and hold nothing up: no shard before them is still consumed. */
    public List<String> forgotten() {
        return rows.keySet().stream()
                .filter(shard -> !listed.containsKey(shard))
                .filter(this::isOver)
                .toList();
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

    private boolean isDone(String shard) {
        return isIn(shard, ShardState.ENDED) || isIn(shard, ShardState.SKIPPED);
    }

    private boolean isIn(String shard, ShardState state) {
        CheckpointRow row = rows.get(shard);
        return row != null && row.state() == state;
    }
}
