package io.shardmill.lambda;

import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One revision of a function, with everything that runs it. Keeps the function's timeout. Thread-safe. */
public interface HostedFunction extends InvocableFunction, AutoCloseable {

    /**
     * Invokes it with any event, on the calling thread, until the function's timeout. Whatever the function does is a response.
     *
     * @throws NotInvokedException if it can't be run now for a reason that is not its own
     * @throws InterruptedException if the caller gives up
     */
    InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException;

    /** Invokes it with a batch's event under its own ARN. */
    @Override
    default Answer invoke(Invocation invocation) throws Exception {
        return invoke(invocation, null);
    }

    /**
     * Invokes it with a batch's event and reads its answer.
     *
     * @param arn as the mapping names the function; null for the function's own
     * @throws LambdaFunctionException if the function failed, ran out of time, or its process ended
     */
    default Answer invoke(Invocation invocation, @Nullable String arn) throws Exception {
        try {
            return invoke(InvokeRequest.of(invocation, arn)).answer(invocation.records());
        } catch (OutOfMemoryError full) { // of this process: the function's own is a response
            throw NotInvokedException.internal(full);
        }
    }

    /** Returns how long an invocation may take as its caller sees it: the timeout, and what starting and ending it takes. */
    Duration longestInvocation();

    /** False: a mapping says whether reports of a Lambda function count. */
    @Override
    default boolean reportsItemFailures() {
        return false;
    }

    @Override
    default Reporting reporting() {
        return Reporting.PERHAPS;
    }

    /** Ends running invocations, as far as the host can. Takes none afterwards. May be called at any time. */
    void kill();

    /** Releases everything it holds, after its last invocation; called once. The code is not used afterwards. */
    @Override
    void close();
}
