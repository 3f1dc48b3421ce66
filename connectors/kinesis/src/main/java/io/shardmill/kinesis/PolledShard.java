package io.shardmill.kinesis;

import io.shardmill.function.Shard;

/** A shard that is polled, and what its reader needs. */
record PolledShard(
        Shard shard,
        Existence existence,
        ShardQuota quota,
        Polling polling,
        ReadEnvironment environment,
        ShardEvents events) {}
