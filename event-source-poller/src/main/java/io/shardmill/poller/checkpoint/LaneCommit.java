package io.shardmill.poller.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * That a lane has finished more, to be committed together with what the function has written.
 *
 * @param owner who says so, and {@code epoch} under which takeover: the commit counts only if both still hold
 * @param before what the lane has committed last under this epoch; null if nothing. If it is not there, the database was restored
 *     from an older state, and the commit does not count
 */
public record LaneCommit(
        MappingKey key,
        String shard,
        String owner,
        long epoch,
        LaneFact fact,
        @Nullable LaneFact before) {

    /** The first of the lane under this epoch. */
    public LaneCommit(MappingKey key, String shard, String owner, long epoch, LaneFact fact) {
        this(key, shard, owner, epoch, fact, null);
    }
}
