package io.shardmill.poller.checkpoint;

/**
 * That a lane has finished more, to be committed together with what the function has written.
 *
 * @param owner who says so, and {@code epoch} under which takeover: the commit counts only if both still hold
 */
public record LaneCommit(MappingKey key, String shard, String owner, long epoch, LaneFact fact) {}
