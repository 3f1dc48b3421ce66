package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamSource;

/** Resolves what a mapping names. Thread-safe. */
public interface MappingResources {

    /**
     * Resolves the mapping's stream, function and destination, until {@link #release}. Doesn't ask for the function: while it
     * is missing, its batches are not invoked (spec case 19).
     *
     * @throws RuntimeException that says which of the others is missing, and what to do
     */
    MappingPorts resolve(EventSourceMapping mapping);

    /** Releases what {@link #resolve} has given to the mapping, as soon as its last call has returned. */
    default void release(EventSourceMapping mapping) {}

    /**
     * Returns the mapping's stream.
     *
     * @throws RuntimeException if it is missing
     */
    StreamSource source(EventSourceMapping mapping);

    /**
     * Checks that all that the mapping names is there.
     *
     * @throws RuntimeException that says which is missing, and what to do
     */
    void check(EventSourceMapping mapping);

    /** Forgets what outlives a mapping's settings, such as its meters: it was deleted. */
    default void forget(EventSourceMapping mapping) {}
}
