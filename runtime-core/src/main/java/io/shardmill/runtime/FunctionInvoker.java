package io.shardmill.runtime;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.Shard;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Invokes one function: within its concurrency limit, under its deadline, in its context. Thread-safe;
 * nothing the function throws leaves {@link #invoke}.
 */
public final class FunctionInvoker {

    private final String name;
    private final InvocableFunction function;
    private final FunctionSettings settings;
    private final Deadlines deadlines;
    private final InvocationInterceptor interceptor;
    private final @Nullable Semaphore reserved;

    public FunctionInvoker(
            String name,
            InvocableFunction function,
            FunctionSettings settings,
            Deadlines deadlines,
            InvocationInterceptor interceptor) {
        this.name = name;
        this.function = function;
        this.settings = settings;
        this.deadlines = deadlines;
        this.interceptor = interceptor;
        this.reserved = settings.reservedConcurrency() == FunctionSettings.UNLIMITED
                ? null
                : new Semaphore(settings.reservedConcurrency());
    }

    public boolean reportsItemFailures() {
        return function.reportsItemFailures();
    }

    public FunctionSettings settings() {
        return settings;
    }

    /**
     * Runs the function on the calling thread and returns when it has really returned, which may be long
     * after its deadline.
     *
     * @param reportFailures whether the function's report counts; without it any return is a success (spec 5.1)
     * @param overdue run once, on the timer's thread, when the deadline passes first; gets the function's thread
     */
    public InvocationOutcome invoke(Invocation invocation, boolean reportFailures, Overdue overdue) {
        if (reserved != null && !reserved.tryAcquire()) {
            return new InvocationOutcome.NotInvoked("throttled: all " + settings.reservedConcurrency()
                    + " reserved concurrent invocations of function '" + name + "' are running");
        }
        try {
            return invokeWithin(settings.timeout(), invocation, reportFailures, overdue);
        } finally {
            if (reserved != null) {
                reserved.release();
            }
        }
    }

    private InvocationOutcome invokeWithin(
            Duration timeout, Invocation invocation, boolean reportFailures, Overdue overdue) {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        Deadlines.Deadline deadline = deadlines.start(timeout, overdue);
        InvocationOutcome outcome;
        try {
            Answer answer = InvocationContext.call(
                    new Context(name, invocation, deadline), () -> interceptor.around(invocation, function));
            outcome = reportFailures
                    ? InvocationOutcome.of(answer.result(), invocation.records())
                    : new InvocationOutcome.Succeeded();
        } catch (UnusableFunctionException gone) {
            outcome = new InvocationOutcome.NotInvoked(String.valueOf(gone.getMessage()));
        } catch (Throwable thrown) { // an Error of the function's is a failed attempt, not a dead engine
            outcome = new InvocationOutcome.FunctionFailed(thrown);
        } finally {
            thread.setContextClassLoader(loader);
        }
        return deadline.returned() ? outcome : new InvocationOutcome.TimedOut(timeout.toMillis());
    }

    private record Context(String functionName, Invocation invocation, Deadlines.Deadline deadline)
            implements InvocationContext {

        @Override
        public String requestId() {
            return invocation.attempt().requestId();
        }

        @Override
        public String mapping() {
            return invocation.mapping();
        }

        @Override
        public Shard shard() {
            return invocation.shard();
        }

        @Override
        public int attempt() {
            return invocation.attempt().number();
        }

        @Override
        public long fencingToken() {
            return invocation.origin().fencingToken();
        }

        @Override
        public Duration remainingTime() {
            return deadline.remaining();
        }

        /** The records it belongs to stay out of logs. */
        @Override
        public String toString() {
            return "InvocationContext[" + functionName + ", " + requestId() + ", attempt " + attempt() + "]";
        }
    }
}
