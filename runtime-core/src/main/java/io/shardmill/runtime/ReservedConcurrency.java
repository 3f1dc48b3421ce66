package io.shardmill.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the invocations of a function that run, and throttles those beyond its reserved concurrency. Thread-safe. */
public final class ReservedConcurrency {

    private final String function;
    private final AtomicInteger running = new AtomicInteger();

    public ReservedConcurrency(String function) {
        this.function = function;
    }

    /**
     * Counts an invocation, which must {@link #leave}.
     *
     * @param reserved as {@link FunctionSettings} says at this moment: it may change while others run
     * @throws NotInvokedException if as many run already; then nothing is counted
     */
    public void enter(int reserved) throws NotInvokedException {
        int limit = reserved == FunctionSettings.UNLIMITED ? Integer.MAX_VALUE : reserved;
        if (running.getAndUpdate(count -> count < limit ? count + 1 : count) >= limit) {
            throw NotInvokedException.throttled(
                    "all " + reserved + " reserved concurrent invocations of function '" + function + "' are running");
        }
    }

    public void leave() {
        running.decrementAndGet();
    }
}
