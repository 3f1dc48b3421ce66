package io.shardmill.poller.checkpoint;

/** Thrown when a function has left its transaction in a state that can't be committed: that is a failure of the function. */
public final class UncommittableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UncommittableException(String message) {
        super(message);
    }

    public UncommittableException(String message, Throwable cause) {
        super(message, cause);
    }
}
