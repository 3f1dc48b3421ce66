package io.shardmill.poller.checkpoint;

/**
 * The newest state of a shard, in absolute values: writing it again changes nothing.
 *
 * @param owner who writes, and {@code epoch} under which takeover: the write counts only if both still hold
 * @param windowStateChanged false if the window's state is known to be in the row already: then it is left there as it is, and
 *     up to 1 MB need not be written once more
 */
public record CheckpointUpdate(
        MappingKey key,
        String shard,
        String owner,
        long epoch,
        ShardState state,
        Progress progress,
        boolean windowStateChanged) {

    /** One that writes everything. */
    public CheckpointUpdate(
            MappingKey key, String shard, String owner, long epoch, ShardState state, Progress progress) {
        this(key, shard, owner, epoch, state, progress, true);
    }
}
