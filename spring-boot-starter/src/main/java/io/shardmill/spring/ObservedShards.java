package io.shardmill.spring;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.ShardObserver;

/** A bean of this type is told what happens to the shards of all mappings. */
public interface ObservedShards {

    /** Called once for each start of a mapping. The observer must neither block nor throw. */
    ShardObserver observe(EventSourceMapping mapping);
}
