package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.LaneFact;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What transactions of a shard's function have committed since it was taken over. Whatever is written of the shard later relies on
 * its being there: after a failover it may not be. Thread-safe.
 */
final class CommittedFacts {

    private final Map<Integer, LaneFact> last = new ConcurrentSkipListMap<>();

    void add(LaneFact fact) {
        last.put(fact.lane(), fact);
    }

    /** Returns what the lane has committed last, or null. */
    @Nullable
    LaneFact of(int lane) {
        return last.get(lane);
    }

    List<LaneFact> all() {
        return List.copyOf(last.values());
    }
}
