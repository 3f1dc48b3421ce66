package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.ClientContext;
import io.shardmill.function.InvocationContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A single invocation as its {@code Context} shows it.
 *
 * @param arn as the caller named the function
 * @param remainingTime until its timeout; zero when that has passed
 * @param client null if the caller added none, as event source mappings never do
 */
record FunctionCall(
        String requestId,
        String arn,
        Supplier<Duration> remainingTime,
        @Nullable ClientContext client) {

    /** Returns the call of the batch that is invoked on this thread. */
    static FunctionCall current(FunctionIdentity function) {
        InvocationContext invocation = InvocationContext.current();
        return new FunctionCall(invocation.requestId(), function.arn(), invocation::remainingTime, null);
    }
}
