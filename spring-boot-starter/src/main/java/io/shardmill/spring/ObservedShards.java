package io.shardmill.spring;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;

/** Observes the shards of all mappings, if it is a bean. */
public interface ObservedShards {

    /** Called each time that a mapping starts. The observer must neither block nor throw. */
    ShardObserver observe(EventSourceMapping mapping);

    /** Called when a mapping was deleted, and nothing of it runs any more: releases what was kept for it. Must not throw. */
    default void forget(EventSourceMapping mapping) {}
}
