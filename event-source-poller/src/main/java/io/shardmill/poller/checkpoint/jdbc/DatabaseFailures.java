package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what a failure means by H2's error codes, and by the SQL states that all databases share. */
final class DatabaseFailures {

    private static final int GENERAL_ERROR = 50000;
    private static final int LOCK_TIMEOUT = 50200;

    /** FILE_VERSION_ERROR, FILE_CORRUPTED, GENERAL_ERROR. */
    private static final Set<Integer> DAMAGE = Set.of(90048, 90030, GENERAL_ERROR);

    /** IO_EXCEPTION, and with a file: damage if the file ends where more is expected. */
    private static final Set<Integer> READ_OR_WRITE_FAILED = Set.of(90028, 90031);

    /**
     * DATABASE_ALREADY_OPEN, OUT_OF_MEMORY, LOCK_TIMEOUT, STATEMENT_WAS_CANCELED, DATABASE_IS_CLOSED and
     * DATABASE_CALLED_AT_SHUTDOWN.
     */
    private static final Set<Integer> NO_DAMAGE = Set.of(90020, 90108, LOCK_TIMEOUT, 57014, 90098, 90121);

    /** DATABASE_IS_CLOSED, IO_EXCEPTION, IO_EXCEPTION with a file, GENERAL_ERROR, and of a closed connection OBJECT_CLOSED. */
    private static final Set<Integer> DEAD = Set.of(90098, 90028, 90031, GENERAL_ERROR, 90007, 90067);

    /**
     * Classes of SQL states: no connection, resources, limits, intervention, system error; a transaction that was rolled back in
     * favour of another one; and a lock that was not acquired in time.
     */
    private static final Set<String> OF_DATABASE = Set.of("08", "53", "54", "57", "58", "40", "55", "HY");

    /** PostgreSQL's idle_in_transaction_session_timeout. */
    private static final String TRANSACTION_IDLE = "25P03";

    private static final Pattern SQL = Pattern.compile("; SQL statement:.*", Pattern.DOTALL);

    private DatabaseFailures() {}

    /** Returns whether a database's file can't be read because of what it holds, and not because the disk is full, say. */
    static boolean isDamage(Throwable failure) {
        return isOfContent(failure, DAMAGE::contains);
    }

    /**
     * Returns the same for a file that nobody else writes, under a URL and a user of ours. H2 parses what a page holds, so a
     * damage can become any error.
     */
    static boolean isDamageOfOwnFile(Throwable failure) {
        return isOfContent(failure, code -> !NO_DAMAGE.contains(code));
    }

    private static boolean isOfContent(Throwable failure, IntPredicate isDamage) {
        SQLException found = withoutTimeout(sqlException(failure));
        if (found == null || !isOfH2(found)) {
            return false;
        }
        boolean endsEarly = false;
        for (Throwable cause = found; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && !(cause instanceof EOFException)) {
                return false;
            }
            endsEarly |= cause instanceof EOFException;
        }
        return READ_OR_WRITE_FAILED.contains(found.getErrorCode()) ? endsEarly : isDamage.test(found.getErrorCode());
    }

    /** H2 wraps an {@link Error} in a plain exception. */
    private static boolean isOfH2(SQLException failure) {
        return failure.getClass().getName().startsWith("org.h2.")
                || (failure.getClass() == SQLException.class && failure.getErrorCode() == GENERAL_ERROR);
    }

    /** Whether the connection it happened on will never work again. */
    static boolean isOfDeadConnection(Throwable failure) {
        SQLException cause = sqlException(failure);
        return cause != null
                && (DEAD.contains(cause.getErrorCode())
                        || (cause.getSQLState() != null && cause.getSQLState().startsWith("08")));
    }

    /** Returns whether what was asked of the database is not at fault: another attempt may well succeed. */
    static boolean isOfDatabase(Throwable failure) {
        SQLException cause = sqlException(failure);
        if (cause == null || isOfDeadConnection(failure)) {
            return cause != null;
        }
        String state = cause.getSQLState();
        return state == null
                || state.equals(TRANSACTION_IDLE)
                || OF_DATABASE.contains(state.substring(0, Math.min(2, state.length())));
    }

    /** The store's own message, else the one of the most specific cause that has any, without its SQL. */
    static String message(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof CheckpointStoreException)
                && cause.getCause() != null
                && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        return SQL.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
    }

    /** H2 repeats what fails on a row that another transaction might be changing, until a timeout, whose cause is the failure. */
    private static @Nullable SQLException withoutTimeout(@Nullable SQLException failure) {
        SQLException repeated =
                failure != null && failure.getErrorCode() == LOCK_TIMEOUT ? sqlException(failure.getCause()) : null;
        return repeated == null ? failure : repeated;
    }

    private static @Nullable SQLException sqlException(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException found) {
                return found;
            }
        }
        return null;
    }
}
