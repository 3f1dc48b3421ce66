package io.shardmill.poller.internal.shard;

import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.util.function.Consumer;

/** The port to a mapping's function. */
public interface BatchInvoker {

    /**
     * Invokes the function, on the calling thread or on another. Throws only for a fault of Shardmill's.
     *
     * @param listener run when the deadline passes before the function has really returned
     * @param later gets the outcome of an invocation that does not complete here
     */
    Completion<InvocationOutcome> invoke(
            Invocation invocation, DeadlineListener listener, Consumer<InvocationOutcome> later);
}
