package io.shardmill.runtime;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.Shard;
import java.time.Duration;
import java.util.Objects;

/**
 * Invokes one function: within its concurrency limit, under its deadline, in its context. Thread-safe;
 * nothing the function throws leaves {@link #invoke}.
 */
public final class FunctionInvoker {

    private final String name;
    private final InvocableFunction function;
    private final FunctionSettings configured;
    private final Deadlines deadlines;
    private final InvocationInterceptor interceptor;
    private final FaultText faults;
    private final ReservedConcurrency concurrency;

    /** Describes failures without payloads. */
    public FunctionInvoker(
            String name,
            InvocableFunction function,
            FunctionSettings configured,
            Deadlines deadlines,
            InvocationInterceptor interceptor) {
        this(name, function, configured, deadlines, interceptor, FaultText.WITHOUT_PAYLOADS);
    }

    /**
     * @param configured the settings of a function that has none of its own
     * @param faults describes what the function throws
     */
    public FunctionInvoker(
            String name,
            InvocableFunction function,
            FunctionSettings configured,
            Deadlines deadlines,
            InvocationInterceptor interceptor,
            FaultText faults) {
        this.name = name;
        this.function = function;
        this.configured = configured;
        this.deadlines = deadlines;
        this.interceptor = interceptor;
        this.faults = faults;
        this.concurrency = new ReservedConcurrency(name);
    }

    public boolean reportsItemFailures() {
        return function.reportsItemFailures();
    }

    /**
     * Runs the function on the calling thread and returns when it has really returned, which may be long
     * after its deadline.
     *
     * @param reportFailures whether the function's report counts; without it any return is a success (spec 5.1)
     * @param listener run once, on the timer's thread, when the function ignores its deadline; gets the function's thread
     */
    public InvocationOutcome invoke(Invocation invocation, boolean reportFailures, DeadlineListener listener) {
        FunctionSettings now = function.settings(configured);
        try {
            concurrency.enter(now.reservedConcurrency());
        } catch (NotInvokedException throttled) {
            return throttled.outcome();
        }
        try {
            return invokeWithin(now.timeout(), invocation, reportFailures, listener);
        } finally {
            concurrency.leave();
        }
    }

    private InvocationOutcome invokeWithin(
            Duration timeout, Invocation invocation, boolean reportFailures, DeadlineListener listener) {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        Deadlines.Deadline deadline = deadlines.start(timeout, listener);
        InvocationOutcome outcome;
        String version = Answer.LATEST;
        WatchedFunction watched = new WatchedFunction(function);
        try {
            Answer answer = InvocationContext.call(
                    new Context(name, invocation, deadline), () -> interceptor.around(invocation, watched));
            version = answer.executedVersion();
            outcome = InvocationOutcome.of(answer, invocation, reportFailures, faults);
        } catch (FailedVersionException failed) {
            version = failed.version();
            outcome = InvocationOutcome.Failure.threw(Objects.requireNonNull(failed.getCause()), faults);
        } catch (NotInvokedException notInvoked) {
            outcome = notInvoked.outcome();
        } catch (UnusableFunctionException gone) {
            outcome = InvocationOutcome.Failure.notInvoked(String.valueOf(gone.getMessage()));
        } catch (Throwable thrown) { // an Error of the function's is a failed attempt, not a dead engine
            outcome = thrown instanceof OutOfMemoryError && !watched.hasThrown(thrown)
                    ? InvocationOutcome.Failure.internal(thrown)
                    : InvocationOutcome.Failure.threw(thrown, faults);
        } finally {
            thread.setContextClassLoader(loader);
        }
        boolean inTime = deadline.returned();
        return inTime || !outcome.reachedFunction()
                ? outcome.executedBy(version)
                : InvocationOutcome.Failure.timedOut(timeout.toMillis()).executedBy(version);
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
