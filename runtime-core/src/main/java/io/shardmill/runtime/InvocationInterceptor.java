package io.shardmill.runtime;

/** Wraps each call of the user's function: observation, logging context. Runs on the function's thread. */
public interface InvocationInterceptor {

    InvocationInterceptor NONE = (invocation, function) -> function.invoke(invocation);

    /** Calls {@code function} once and returns, or throws, what it did. */
    Answer around(Invocation invocation, InvocableFunction function) throws Exception;
}
