package io.shardmill.poller.shard;

import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Overdue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The port to a mapping's function. */
public interface BatchInvoker {

    /**
     * Invokes the function on the calling thread. Throws nothing.
     *
     * @param overdue told when the deadline passes first
     * @param later gets the outcome if it is not returned
     * @return the outcome once the function has really returned, or null if {@code later} will get it
     */
    @Nullable
    InvocationOutcome invoke(Invocation invocation, Overdue overdue, Consumer<InvocationOutcome> later);
}
