package io.shardmill.poller.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * What an engine keeps in its database.
 *
 * @param mappings stores the desired state of mappings, in the same place as the checkpoints
 * @param members the processes that share the shards; null if the database can have one process only
 */
public record EngineStores(
        CheckpointStore checkpoints,
        MappingStore mappings,
        @Nullable MemberStores members) {

    /** Of one process. */
    public EngineStores(CheckpointStore checkpoints, MappingStore mappings) {
        this(checkpoints, mappings, null);
    }
}
