package io.shardmill.poller.checkpoint;

import java.util.List;

/**
 * The newest state of a shard, in absolute values: writing it again changes nothing.
 *
 * @param owner who writes, and {@code epoch} under which takeover: the write counts only if both still hold
 * @param windowStateChanged false if the window's state is known to be in the row already: then it is left there as it is, and
 *     up to 1 MB need not be written once more. If another one is there, the write does not count
 * @param committed what {@linkplain FunctionTransaction transactions of functions} have committed under this epoch. If it is not
 *     there, the database was restored from an older state, and the write does not count: it would hide that
 */
public record CheckpointUpdate(
        MappingKey key,
        String shard,
        String owner,
        long epoch,
        ShardState state,
        Progress progress,
        boolean windowStateChanged,
        List<LaneFact> committed) {

    public CheckpointUpdate {
        committed = List.copyOf(committed);
    }

    /** One of a shard in which nothing was committed by transactions. */
    public CheckpointUpdate(
            MappingKey key,
            String shard,
            String owner,
            long epoch,
            ShardState state,
            Progress progress,
            boolean windowStateChanged) {
        this(key, shard, owner, epoch, state, progress, windowStateChanged, List.of());
    }

    /** One that writes everything. */
    public CheckpointUpdate(
            MappingKey key, String shard, String owner, long epoch, ShardState state, Progress progress) {
        this(key, shard, owner, epoch, state, progress, true);
    }
}
