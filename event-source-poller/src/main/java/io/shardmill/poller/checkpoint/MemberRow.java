package io.shardmill.poller.checkpoint;

import java.util.Set;

/**
 * A process among those that share shards.
 *
 * @param id different for each start, and after the process was taken for dead
 * @param version grows with each heartbeat
 * @param timeToLiveMillis how long the process may be without a heartbeat
 * @param mappings what it is able to consume
 * @param isDraining whether it is to be given no shards, and other processes are to take those it has
 */
public record MemberRow(String id, long version, long timeToLiveMillis, Set<MappingKey> mappings, boolean isDraining) {

    public MemberRow {
        mappings = Set.copyOf(mappings);
    }

    /** A member that has just joined. */
    static MemberRow joining(String id, long timeToLiveMillis) {
        return new MemberRow(id, 1, timeToLiveMillis, Set.of(), false);
    }

    MemberRow renewed() {
        return new MemberRow(id, version + 1, timeToLiveMillis, mappings, isDraining);
    }

    MemberRow describedAs(Set<MappingKey> described, boolean draining) {
        return new MemberRow(id, version, timeToLiveMillis, described, draining);
    }

    /** Returns whether it may be given shards of the mapping. */
    public boolean canTake(MappingKey mapping) {
        return !isDraining && mappings.contains(mapping);
    }
}
