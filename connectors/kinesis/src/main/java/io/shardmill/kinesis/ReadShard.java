package io.shardmill.kinesis;

import io.shardmill.function.Shard;

/** A shard that is read, and what every reader of it needs. */
record ReadShard(Shard shard, Existence existence, ReadEnvironment environment, ShardEvents events) {}
