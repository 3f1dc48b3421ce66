package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.MappingPorts;

/** Finds what a mapping names. */
public interface MappingResources {

    /**
     * The mapping's stream, function and destination. Doesn't ask for the function: while there is none, its
     * batches are not invoked (spec case 19).
     *
     * @throws RuntimeException that says which of the others there is not, and what to do
     */
    MappingPorts find(EventSourceMapping mapping);

    /**
     * Whether all that the mapping names is there.
     *
     * @throws RuntimeException that says which is not, and what to do
     */
    void check(EventSourceMapping mapping);
}
