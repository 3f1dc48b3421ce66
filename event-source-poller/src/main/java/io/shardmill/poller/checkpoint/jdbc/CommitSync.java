package io.shardmill.poller.checkpoint.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes commits survive the death of the machine. PostgreSQL's do by themselves; H2 never fsyncs on commit and writes to its
 * file only some time later, so a {@code CHECKPOINT SYNC} follows each one. Thread-safe.
 */
final class CommitSync {

    private static final Logger LOG = LoggerFactory.getLogger(CommitSync.class);
    /** H2's error code ADMIN_RIGHTS_REQUIRED. */
    private static final int ADMIN_RIGHTS_REQUIRED = 90040;

    private final DataSource dataSource;
    /** Once it was found that there is nothing to do, or no right to do it. */
    private final AtomicBoolean leftToDatabase = new AtomicBoolean();

    CommitSync(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Makes what was committed durable. To be called outside of the transaction. */
    void afterCommit() throws SQLException {
        if (leftToDatabase.get()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            if (!connection.getMetaData().getDatabaseProductName().equals("H2")) {
                leftToDatabase.set(true);
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != ADMIN_RIGHTS_REQUIRED) {
                throw e;
            }
            if (!leftToDatabase.getAndSet(true)) {
                LOG.warn("The database user may not run H2's CHECKPOINT SYNC, which needs ADMIN rights: the last"
                        + " checkpoints may be lost when the process or the machine dies, and their records are"
                        + " then delivered again. Grant the user ADMIN, or give Shardmill a database of its own.");
            }
        }
    }
}
