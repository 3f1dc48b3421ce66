package io.shardmill.poller.checkpoint;

import org.jspecify.annotations.Nullable;

/** The checkpoints are not what was stored: rows are damaged or missing, or the whole store is an older one. */
public final class DamagedCheckpointsException extends CheckpointStoreException {

    private static final long serialVersionUID = 1;

    public DamagedCheckpointsException(String message) {
        this(message, null);
    }

    public DamagedCheckpointsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
