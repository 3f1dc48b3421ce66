package io.shardmill.poller.shard;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.runtime.Overdue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The port to a mapping's on-failure destination. */
public interface BatchSender {

    /**
     * Sends the batch on the calling thread. Throws nothing.
     *
     * @param overdue told when the deadline passes first
     * @param later gets the outcome if it is not returned
     * @return what became of it, or null if {@code later} will get that
     */
    @Nullable
    SendOutcome send(DiscardedBatch batch, Overdue overdue, Consumer<SendOutcome> later);
}
