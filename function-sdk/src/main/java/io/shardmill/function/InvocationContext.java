package io.shardmill.function;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * The invocation a function runs in, for a function that asks: {@link #current()} on the thread it was
 * called on. Immutable, so it may be handed to other threads.
 */
public interface InvocationContext {

    /** The same for the retries of an unchanged batch, another one for its parts (spec 4.5). Not an idempotency key. */
    String requestId();

    /** The function's name as the mapping has it. */
    String functionName();

    /** The event source mapping's name. */
    String mapping();

    /** The shard all records of the batch come from. */
    Shard shard();

    /** 1 for the first try of this batch, 2 for its first retry, … */
    int attempt();

    /**
     * Grows each time the shard is taken over by a consumer: a writer that remembers the largest it has
     * seen for a shard can refuse one that lost the shard meanwhile.
     */
    long fencingToken();

    /** How long until the function's timeout; zero when it has passed. */
    Duration remainingTime();

    /**
     * The invocation that runs on this thread.
     *
     * @throws IllegalStateException outside a function's own thread
     */
    static InvocationContext current() {
        InvocationContext context = CurrentInvocation.get();
        if (context == null) {
            throw new IllegalStateException("No invocation runs on thread "
                    + Thread.currentThread().getName()
                    + ": ask for InvocationContext.current() on the thread the function was called on,"
                    + " or wrap the call in InvocationContext.call(..) in a test");
        }
        return context;
    }

    /** Calls {@code body} with {@code context} as the current one: what the runtime does, and what a test can. */
    static <T> T call(InvocationContext context, Callable<T> body) throws Exception {
        return CurrentInvocation.call(context, body);
    }
}
