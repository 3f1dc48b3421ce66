package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;

/** Observes the mappings of an engine. Thread-safe. */
@FunctionalInterface
public interface MappingObservers {

    /** Returns the observer of a mapping's shards; called each time that its settings are applied. */
    ShardObserver observe(EventSourceMapping mapping);

    /** Forgets a mapping that was deleted. */
    default void forget(EventSourceMapping mapping) {}
}
