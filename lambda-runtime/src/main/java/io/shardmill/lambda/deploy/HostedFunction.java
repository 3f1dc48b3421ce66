package io.shardmill.lambda.deploy;

import io.shardmill.runtime.InvocableFunction;
import java.time.Duration;

/** One version of a function, with everything that runs it. */
public interface HostedFunction extends InvocableFunction, AutoCloseable {

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
