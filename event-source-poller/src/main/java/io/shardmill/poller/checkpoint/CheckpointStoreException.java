package io.shardmill.poller.checkpoint;

import org.jspecify.annotations.Nullable;

/** The store can't be reached, or refused; whether the change was made is not known. */
public sealed class CheckpointStoreException extends RuntimeException permits DamagedCheckpointsException {

    private static final long serialVersionUID = 1;

    public CheckpointStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
