package io.shardmill.lambda.process;

import io.shardmill.lambda.LambdaAnswer;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A function in processes of its own, one for each invocation that runs at the same time. Thread-safe.
 *
 * <p>Its timeout is kept here, from when the event is handed over, as on Lambda. Whoever invokes it under a deadline
 * of his own gives it {@link #longestInvocation()}.
 */
public final class FunctionProcess implements InvocableFunction, AutoCloseable {

    static final String LATEST = "$LATEST";

    private static final long MAX_REAP_MILLIS = 10_000;

    private final ProcessRuntime runtime;
    private final Set<EnvironmentPool> replaced = new HashSet<>(); // perhaps still running; guarded by this
    private Generation current; // guarded by this
    private boolean closed; // guarded by this

    private record Generation(ProcessFunctionSettings settings, EnvironmentPool pool, Future<?> reaping) {

        static Generation start(ProcessFunctionSettings settings, ProcessRuntime runtime) {
            EnvironmentPool pool = new EnvironmentPool(settings, runtime);
            long every = Math.max(
                    1,
                    Math.min(MAX_REAP_MILLIS, settings.environments().idleTime().toMillis() / 4));
            return new Generation(
                    settings,
                    pool,
                    runtime.timer().scheduleWithFixedDelay(pool::reap, every, every, TimeUnit.MILLISECONDS));
        }
    }

    /** Starts no process before the first invocation. */
    public FunctionProcess(ProcessFunctionSettings settings, ProcessRuntime runtime) {
        this.runtime = runtime;
        this.current = Generation.start(settings, runtime);
    }

    /**
     * Invokes it with the event as Lambda sends it, and reads its answer.
     *
     * @throws LambdaFunctionException if the function failed, ran out of time, or its process ended
     * @throws NotInvokedException if no environment is free, none can be started, or this process's memory is full,
     *     which is not the function's
     */
    @Override
    public Answer invoke(Invocation invocation) throws Exception {
        try {
            InvokeResponse response = invoke(new InvokeRequest(
                    invocation.attempt().requestId(), invocation.event(), null, InvokeRequest.Context.NONE));
            if (response.functionError() != null) {
                throw new LambdaFunctionException(response.payload());
            }
            return LambdaAnswer.read(response.payload());
        } catch (OutOfMemoryError full) {
            throw NotInvokedException.internal(full);
        }
    }

    /**
     * Invokes it in the raw form. Whatever the function does is a response.
     *
     * @throws NotInvokedException if no environment is free, or none can be started
     * @throws InterruptedException if the caller gives up: the invocation's process is killed
     */
    public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        InvokeResponse response = null;
        while (response == null) { // null: the code was replaced at this very moment
            response = pool().invoke(request);
        }
        return response;
    }

    private synchronized EnvironmentPool pool() throws NotInvokedException {
        if (closed) {
            throw new NotInvokedException(
                    "function '" + current.settings().identity().name() + "' is being removed or stopped");
        }
        return current.pool();
    }

    /**
     * Swaps code and settings: invocations that begin from now on get new environments; those that run finish in the old
     * ones, which then end.
     */
    public void replace(ProcessFunctionSettings settings) {
        Generation old;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException(
                        "function '" + settings.identity().name() + "' is closed and cannot be replaced");
            }
            old = current;
            current = Generation.start(settings, runtime);
            replaced.removeIf(pool -> pool.size() == 0);
            replaced.add(old.pool());
        }
        old.reaping().cancel(false);
        old.pool().retire();
    }

    /** Lambda functions report batch item failures when their mapping says so. */
    @Override
    public boolean reportsItemFailures() {
        return false;
    }

    public synchronized ProcessFunctionSettings settings() {
        return current.settings();
    }

    /** The longest an invocation takes with a cold start and the killing of its processes, but at most 15 minutes. */
    public Duration longestInvocation() {
        ProcessFunctionSettings settings = settings();
        Duration longest = settings.limits()
                .timeout()
                .plus(settings.environments().initTimeout())
                .plusSeconds(15);
        return longest.compareTo(Duration.ofMinutes(15)) < 0 ? longest : Duration.ofMinutes(15);
    }

    /** How many environments there are of the present code. */
    public int environments() {
        EnvironmentPool pool;
        synchronized (this) {
            pool = current.pool();
        }
        return pool.size();
    }

    /** Ends all of its processes, whatever they are doing; returns when they have ended. */
    @Override
    public void close() {
        List<EnvironmentPool> pools;
        synchronized (this) {
            closed = true;
            current.reaping().cancel(false);
            replaced.add(current.pool());
            pools = List.copyOf(replaced);
        }
        pools.forEach(EnvironmentPool::stop);
        try {
            for (EnvironmentPool pool : pools) {
                pool.close();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt(); // they are killed, we just don't watch it
        }
    }
}
