package io.shardmill.poller.internal.shard;

import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Overdue;
import java.util.function.Consumer;

/** The port to a mapping's function. */
public interface BatchInvoker {

    /**
     * Invokes the function, on the calling thread or on another. Throws only for a fault of Shardmill's.
     *
     * @param overdue run when the deadline passes before the function has really returned
     * @param later gets the outcome of an invocation that does not complete here
     */
    Completion<InvocationOutcome> invoke(Invocation invocation, Overdue overdue, Consumer<InvocationOutcome> later);
}
