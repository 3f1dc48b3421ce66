package io.shardmill.lambda.injvm;

import org.jspecify.annotations.Nullable;

/**
 * A handler that can't be loaded. The message is what Lambda answers in {@code errorMessage}, word for word
 * (runtime API notes 4.3). Lambda reports some of these at each invocation; here all are reported when the code is
 * loaded, so that no batch is lost to a mistyped name.
 */
public final class HandlerInitException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final @Nullable String errorType;

    HandlerInitException(String errorMessage) {
        super(errorMessage);
        this.errorType = null;
    }

    HandlerInitException(String errorMessage, Throwable cause) {
        super(errorMessage, cause);
        this.errorType = cause.getClass().getName();
    }

    /** Returns Lambda's {@code errorType}, a class name; null where it has none. */
    public @Nullable String errorType() {
        return errorType;
    }
}
