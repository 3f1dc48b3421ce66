/**
 * The owner of a shard: {@link io.shardmill.poller.internal.shard.ShardConsumer} decides in turns, and everything
 * else sends it messages. No monitor guards what it owns, and nothing in a turn blocks; clock, timer, pool, invoker, reader, store and destination are ports.
 */
@NullMarked
package io.shardmill.poller.internal.shard;

import org.jspecify.annotations.NullMarked;
