package io.shardmill.poller.stream;

/**
 * Where a {@linkplain ShardGroup group} says that a shard begins.
 *
 * @param ahead which later records are finished, as {@link ShardReader#finished} was given it; empty if none
 */
public record GroupPosition(Position position, String ahead) {}
