package io.shardmill.poller.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * What an engine keeps in its database.
 *
 * @param mappings stores the desired state of mappings, in the same place as the checkpoints
 * @param members the processes that share the shards; null if the database can have one process only
 * @param transactions those in which functions of transactional mappings run; null if functions can't share one with the checkpoints
 */
public record EngineStores(
        CheckpointStore checkpoints,
        MappingStore mappings,
        @Nullable MemberStores members,
        @Nullable FunctionTransactions transactions) {

    /** Of one process. */
    public EngineStores(CheckpointStore checkpoints, MappingStore mappings) {
        this(checkpoints, mappings, null, null);
    }
}
