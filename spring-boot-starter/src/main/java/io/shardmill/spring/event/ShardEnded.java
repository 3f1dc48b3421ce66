package io.shardmill.spring.event;

import io.shardmill.function.Shard;

/** A shard is closed, by a split or a merge, and everything of it is finished. */
public record ShardEnded(String mapping, Shard shard) implements MappingEvent {}
