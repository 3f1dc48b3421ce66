package io.shardmill.poller.checkpoint;

import java.util.Set;

/**
 * A process among those that share shards.
 *
 * @param id different for each start, and after the process was taken for dead
 * @param version grows with each heartbeat
 * @param timeToLiveMillis how long the process may be without a heartbeat
 * @param mappings what it is able to consume
 */
public record MemberRow(String id, long version, long timeToLiveMillis, Set<MappingKey> mappings) {

    public MemberRow {
        mappings = Set.copyOf(mappings);
    }

    /** Returns whether it may be given shards of the mapping. */
    public boolean canTake(MappingKey mapping) {
        return mappings.contains(mapping);
    }
}
