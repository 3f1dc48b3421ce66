package io.shardmill.runtime;

/** A function that can be invoked with a batch, whatever it is written in. Called by several threads at once. */
public interface InvocableFunction {

    /**
     * Runs the function on the calling thread. Whatever it throws, {@code Error}s included, fails the batch.
     * The thread is interrupted at the deadline: a function that waits for another process ends that and returns.
     *
     * @throws UnusableFunctionException if the function was taken away since it was found: the batch was not invoked, and
     *     is tried again
     */
    Answer invoke(Invocation invocation) throws Exception;

    /** Whether its declared return type is {@link io.shardmill.function.Result}: then its report counts without any further setting. */
    boolean reportsItemFailures();
}
