package io.shardmill.lambda.deploy;

import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;

/** One version of a function, with everything that runs it. */
public interface HostedFunction extends InvocableFunction, AutoCloseable {

    /**
     * Lambda's Invoke: any event, on the calling thread, until the function's timeout. Whatever the function does is a
     * response.
     *
     * @throws NotInvokedException if it can't be run now for a reason that is not its own
     * @throws InterruptedException if the caller gives up
     */
    InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException;

    /** How long an invocation may take as its caller sees it: the function's timeout, and what starting and ending it takes. */
    Duration longestInvocation();

    /** Lambda's functions report failed records when their mapping says so. */
    @Override
    default boolean reportsItemFailures() {
        return false;
    }

    /** Ends whatever runs it, and running invocations; called once. Afterwards its code's folder is not used any more. */
    @Override
    void close();
}
