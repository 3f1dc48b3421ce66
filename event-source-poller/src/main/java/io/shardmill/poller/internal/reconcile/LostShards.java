package io.shardmill.poller.internal.reconcile;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shards that another process took from this one. The other process owns them while it keeps updating their rows; when a
 * row has not changed for a minute its owner may have died, and the shard is taken back. If the owner is alive and idle,
 * that costs nothing.
 */
public final class LostShards {

    /** Nothing is lost. */
    public static final LostShards NONE = new LostShards(Map.of());

    private static final long OWNER_TIMEOUT_MILLIS = 60_000;

    /** @param row as it was seen last; null if it was not seen since the shard was lost */
    private record Lost(@Nullable CheckpointRow row, long sinceMillis) {}

    private final Map<String, Lost> lost;

    private LostShards(Map<String, Lost> lost) {
        this.lost = new TreeMap<>(lost);
    }

    public LostShards with(String shard, long now) {
        Map<String, Lost> more = new HashMap<>(lost);
        more.put(shard, new Lost(null, now));
        return new LostShards(more);
    }

    public LostShards without(String shard) {
        Map<String, Lost> fewer = new HashMap<>(lost);
        fewer.remove(shard);
        return new LostShards(fewer);
    }

    /** Returns them as these rows show them. Those that are not to be read any more don't matter. */
    public LostShards seen(List<CheckpointRow> rows, long now) {
        Map<String, CheckpointRow> reading = rows.stream()
                .filter(row -> row.state() == ShardState.READING)
                .collect(Collectors.toMap(CheckpointRow::shard, Function.identity()));
        Map<String, Lost> seen = new HashMap<>();
        lost.forEach((shard, known) -> {
            CheckpointRow row = reading.get(shard);
            if (row != null) {
                seen.put(shard, Objects.equals(known.row(), row) ? known : new Lost(row, now));
            }
        });
        return new LostShards(seen);
    }

    /** Returns whether the shard is left to its owner. */
    boolean isLeft(String shard, long now) {
        Lost known = lost.get(shard);
        return known != null && now - known.sinceMillis() < OWNER_TIMEOUT_MILLIS;
    }

    public boolean isEmpty() {
        return lost.isEmpty();
    }

    /** Returns one of them, always the same. */
    public Optional<String> first() {
        return lost.keySet().stream().findFirst();
    }
}
