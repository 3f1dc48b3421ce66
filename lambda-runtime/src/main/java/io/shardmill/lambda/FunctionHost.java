package io.shardmill.lambda;

/** Runs functions of one isolation. Knows nothing of versions that replace each other. Thread-safe. */
public interface FunctionHost extends AutoCloseable {

    /**
     * Checks what this system must offer to run such a function, whatever its code is.
     *
     * @throws IllegalArgumentException if it does not; the message begins with the property's name
     */
    default void check(FunctionConfiguration configuration) {}

    /**
     * Makes a function ready to be invoked.
     *
     * @throws RuntimeException that says why this code can't be run
     */
    HostedFunction open(FunctionRevision revision);

    /** Closes the host, after all of its functions. */
    @Override
    void close();
}
