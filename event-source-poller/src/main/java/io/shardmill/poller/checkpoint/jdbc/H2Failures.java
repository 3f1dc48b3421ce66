package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what a failure means by H2's error codes, and by the SQL states that all databases share. */
final class H2Failures {

    /** FILE_VERSION_ERROR, FILE_CORRUPTED, WRONG_USER_OR_PASSWORD (of ours: the users were lost), GENERAL_ERROR. */
    private static final Set<Integer> DAMAGE = Set.of(90048, 90030, 28000, 50000);

    /** DATABASE_IS_CLOSED, IO_EXCEPTION, IO_EXCEPTION with a file, GENERAL_ERROR, and of a closed connection OBJECT_CLOSED. */
    private static final Set<Integer> DEAD = Set.of(90098, 90028, 90031, 50000, 90007, 90067);

    private static final Pattern SQL = Pattern.compile("; SQL statement:.*", Pattern.DOTALL);

    private H2Failures() {}

    /** Whether the file can't be read because of what it holds, and not because the disk is full, say. */
    static boolean isDamage(Throwable failure) {
        SQLException found = sqlException(failure);
        if (found == null || !DAMAGE.contains(found.getErrorCode())) {
            return false;
        }
        for (Throwable cause = found; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && !(cause instanceof EOFException)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the connection it happened on will never work again. */
    static boolean isOfDeadConnection(Throwable failure) {
        SQLException cause = sqlException(failure);
        return cause != null
                && (DEAD.contains(cause.getErrorCode())
                        || (cause.getSQLState() != null && cause.getSQLState().startsWith("08")));
    }

    /** The store's own message, else the one of the most specific cause without its SQL. */
    static String message(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof CheckpointStoreException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return SQL.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
    }

    private static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException found) {
                return found;
            }
        }
        return null;
    }
}
