package io.shardmill.spring.event;

import io.shardmill.function.Shard;

/**
 * An invocation or a send has passed its deadline, was interrupted, and still runs: the lane waits for it.
 *
 * @param lane from 0
 * @param thread the name of the thread that hangs
 */
public record LaneStuck(String mapping, Shard shard, int lane, String thread) implements MappingEvent {}
