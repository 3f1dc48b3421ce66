package io.shardmill.kinesis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The quotas of all shards that this process polls: who reads a shard under another name shares it. Thread-safe. */
final class ShardQuotas {

    /** @param polling readers with other limits of their own don't share */
    private record Key(String streamArn, String shard, Polling polling) {}

    private final Map<Key, ShardQuota> quotas = new ConcurrentHashMap<>();

    ShardQuota of(String streamArn, String shard, Polling polling) {
        return quotas.computeIfAbsent(new Key(streamArn, shard, polling), missing -> new ShardQuota(polling));
    }
}
