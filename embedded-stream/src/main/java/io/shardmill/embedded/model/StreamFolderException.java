package io.shardmill.embedded.model;

import org.jspecify.annotations.Nullable;

/** Reports a folder that can't be used; the message names it and says what to do. */
public final class StreamFolderException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StreamFolderException(String message) {
        super(message);
    }

    public StreamFolderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
