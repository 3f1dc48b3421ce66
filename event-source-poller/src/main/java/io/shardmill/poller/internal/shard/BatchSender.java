package io.shardmill.poller.internal.shard;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.runtime.DeadlineListener;
import java.util.function.Consumer;

/** The port to a mapping's on-failure destination. */
public interface BatchSender {

    /**
     * Sends the batch, on the calling thread or on another. Throws only for a fault of Shardmill's.
     *
     * @param listener run when the deadline passes before the destination has answered
     * @param later gets the outcome of a send that does not complete here
     */
    Completion<SendOutcome> send(DiscardedBatch batch, DeadlineListener listener, Consumer<SendOutcome> later);
}
