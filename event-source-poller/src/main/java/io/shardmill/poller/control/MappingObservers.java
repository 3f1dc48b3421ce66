package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;

/** Observes the mappings of an engine; in a Spring application, every bean of this type does. Thread-safe. */
@FunctionalInterface
public interface MappingObservers {

    /** Returns the observer of a mapping's shards. Called each time that its settings are applied; neither blocks nor throws. */
    ShardObserver observe(EventSourceMapping mapping);

    /** Releases what was kept for a mapping that was deleted, when nothing of it runs any more. Does not throw. */
    default void forget(EventSourceMapping mapping) {}
}
