package io.shardmill.spring.event;

import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;

/** A mapping begins to read a shard: for the first time, or again after a restart, a pause, a replay or an update. */
public record ShardStarted(String mapping, Shard shard, Position from) implements MappingEvent {}
