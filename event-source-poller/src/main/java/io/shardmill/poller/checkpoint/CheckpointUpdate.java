package io.shardmill.poller.checkpoint;

/**
 * The newest state of a shard, in absolute values: writing it again changes nothing.
 *
 * @param owner who writes, and {@code epoch} under which takeover: the write counts only if both still hold
 */
public record CheckpointUpdate(
        MappingKey key, String shard, String owner, long epoch, ShardState state, Progress progress) {}
