package io.shardmill.runtime;

/** No function of that name can be invoked with a batch; the message says why and what to do. */
public final class UnusableFunctionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnusableFunctionException(String message) {
        super(message);
    }
}
