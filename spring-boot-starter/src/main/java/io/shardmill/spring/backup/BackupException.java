package io.shardmill.spring.backup;

import org.jspecify.annotations.Nullable;

/** A backup can't be taken, or can't be restored; the message names the file or folder and says what to do. */
public final class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BackupException(String message) {
        super(message);
    }

    BackupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
