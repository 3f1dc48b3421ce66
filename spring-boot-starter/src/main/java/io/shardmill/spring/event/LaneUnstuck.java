package io.shardmill.spring.event;

import io.shardmill.function.Shard;

/**
 * What was stuck has returned.
 *
 * @param lane from 0
 */
public record LaneUnstuck(String mapping, Shard shard, int lane) implements MappingEvent {}
