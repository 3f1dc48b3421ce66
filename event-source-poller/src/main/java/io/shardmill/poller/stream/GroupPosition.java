package io.shardmill.poller.stream;

/**
 * Where a {@linkplain ShardGroup group} says that a shard begins.
 *
 * @param ahead what {@link ShardReader#finished} was told beside the position by who set it; empty if nothing
 */
public record GroupPosition(Position position, String ahead) {}
