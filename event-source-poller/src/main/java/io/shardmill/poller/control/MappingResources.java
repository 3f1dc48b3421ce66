package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.MappingPorts;

/** Finds what a mapping names. */
public interface MappingResources {

    /**
     * The mapping's stream, function and destination.
     *
     * @throws RuntimeException that says which of them there is not, and what to do
     */
    MappingPorts find(EventSourceMapping mapping);
}
