package io.shardmill.poller.destination;

import io.shardmill.poller.event.DiscardedBatch;

/** Takes batches that were given up. Called by several threads at once. */
public interface OnFailureDestination {

    /**
     * Stores the batch and returns when it is safe. May block, but is interrupted after the engine's limit
     * (10 s). Called again with the same batch after a crash between this call and the next checkpoint.
     *
     * @throws io.shardmill.runtime.NotInvokedException if it can't be reached for a reason of this machine; the batch is
     *     sent again after a while
     * @throws Exception if it refuses; it is logged and counted, the records are dropped and the shard goes
     *     on (spec case 79)
     */
    void send(DiscardedBatch batch) throws Exception;

    /**
     * Returns if it takes what is read from a stream: asked before a mapping that names both is accepted. By default it takes all.
     *
     * @param stream by its name
     * @throws IllegalArgumentException if it does not; the message says why
     */
    default void requireTakes(String stream) {}
}
