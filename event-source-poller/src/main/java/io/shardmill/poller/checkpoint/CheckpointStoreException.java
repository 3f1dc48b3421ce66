package io.shardmill.poller.checkpoint;

/** The store can't be reached, or refused; whether the change was made is not known. */
public final class CheckpointStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CheckpointStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
