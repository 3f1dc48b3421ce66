package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamSource;
import org.jspecify.annotations.Nullable;

/** Stands between the engine and its ports, for a bug to be planted there; here: for nothing. */
interface Plant {

    Plant NONE = new Plant() {};

    /** What the data folder remembers of the store that it has seen last. */
    default @Nullable StoreMark lastSeen(@Nullable StoreMark mark) {
        return mark;
    }

    default CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
        return store;
    }

    default MappingStore mappings(MappingStore store) {
        return store;
    }

    default MemberStore members(MemberStore store, SimulatedProcess process) {
        return store;
    }

    /** What the database answers about a commit whose result was lost. */
    default boolean isFinished(InMemoryCheckpointStore rows, LaneCommit commit) {
        return rows.transactions().begin().isFinished(commit);
    }

    /** What the database does to end a function's transaction. */
    default Outcome commit(InMemoryCheckpointStore rows, LaneCommit commit) {
        return rows.transactions().begin().commit(commit);
    }

    default StreamSource source(StreamSource source, EventSourceMapping mapping) {
        return source;
    }

    default BatchInvoker invoker(BatchInvoker invoker, EventSourceMapping mapping) {
        return invoker;
    }
}
