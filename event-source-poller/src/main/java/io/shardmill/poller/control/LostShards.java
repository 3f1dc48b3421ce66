package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shards that another process took from this one. They are its, for as long as their rows change; when one has stood
 * still for a while, its owner may have died, and it is taken back. If the owner lives and had nothing to do, that costs
 * nothing.
 */
final class LostShards {

    private static final long PATIENCE_MILLIS = 60_000;

    /** @param row as it was seen last; null if it was not seen since the shard was lost */
    private record Lost(@Nullable CheckpointRow row, long sinceMillis) {}

    private final Map<String, Lost> lost = new HashMap<>();

    void add(String shard, long now) {
        lost.put(shard, new Lost(null, now));
    }

    /** Whether the shard is left to its owner; {@code row} is how it is now. */
    boolean isLeft(String shard, @Nullable CheckpointRow row, long now) {
        Lost known = lost.get(shard);
        if (known == null) {
            return false;
        }
        if (known.row() == null || !known.row().equals(row)) {
            lost.put(shard, new Lost(row, now));
            return true;
        }
        if (now - known.sinceMillis() < PATIENCE_MILLIS) {
            return true;
        }
        lost.remove(shard);
        return false;
    }

    /** Those that are no longer to be read don't matter. */
    void retain(Set<String> startable) {
        lost.keySet().retainAll(startable);
    }

    void forget() {
        lost.clear();
    }

    boolean isEmpty() {
        return lost.isEmpty();
    }
}
