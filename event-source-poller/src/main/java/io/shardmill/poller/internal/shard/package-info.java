/**
 * Consumes a shard: {@link io.shardmill.poller.internal.shard.ShardOwner} decides in turns, and everything else sends it
 * messages through {@link io.shardmill.poller.internal.shard.ShardConsumer}. No monitor guards what it owns, and nothing
 * in a turn blocks; clock, timer, pool, invoker, reader, store and destination are ports.
 */
@NullMarked
package io.shardmill.poller.internal.shard;

import org.jspecify.annotations.NullMarked;
