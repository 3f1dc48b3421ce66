package io.shardmill.lambda.injvm;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An invocation with any event, as by Lambda's Invoke.
 *
 * @param caller who asks, and how
 * @param payload handed over unchanged
 * @param remainingTime until its timeout; zero when that has passed
 * @param log gets the lines that the handler logs, beside the application's log; called by any thread
 */
public record DirectInvocation(Caller caller, byte[] payload, Supplier<Duration> remainingTime, Consumer<String> log) {

    /**
     * What the caller says.
     *
     * @param arn of the function as it is named; null for its own
     * @param clientContext JSON; null for none
     */
    public record Caller(
            String requestId,
            @Nullable String arn,
            @Nullable String clientContext) {}

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "DirectInvocation[" + caller.requestId() + ", " + payload.length + " bytes]";
    }
}
