package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * Opens the checkpoint tables only if they are whole and no older than what the data folder saw last, and records each
 * opening and clean stop in both places. Thread-safe.
 */
public final class CheckpointGuard {

    /**
     * Describes the database.
     *
     * @param name names it in errors: a file, or a URL
     * @param namespace whose rows are verified, where other applications may keep rows, too; null for a file that only this process
     *     can have open: then all rows are verified, and those that are missing after a clean stop are noticed
     * @param isServer whether it is used without a mark where the data folder can't keep one
     */
    public record Database(
            DataSource dataSource, String name, @Nullable String namespace, boolean isServer) {

        boolean isExclusive() {
            return namespace == null;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointGuard.class);

    private final Database database;
    private final LastSeen lastSeen;
    private final StoreTable table;
    private boolean open;

    /** @param lastSeen null if the data folder can't be used */
    public CheckpointGuard(Database database, @Nullable StoreMarkFile lastSeen) {
        this.database = database;
        this.lastSeen = new LastSeen(lastSeen, !database.isServer());
        this.table = new StoreTable(database.dataSource());
    }

    /**
     * Verifies the store, creates its tables and advances its mark; does nothing if it is open already.
     *
     * @param createTables called when the store is known to be whole; creates the tables that are missing
     * @param acceptOlder whether to go on with an older store, or one whose rows have changed since the last clean stop;
     *     a row that is damaged in itself is refused all the same
     * @throws DamagedCheckpointsException if the store is damaged, missing or older
     * @throws CheckpointStoreException if it can't be read or written
     */
    public synchronized void open(Runnable createTables, boolean acceptOlder) {
        if (open) {
            return;
        }
        try {
            StoreMark seen = lastSeen.read();
            StoreTable.Stored stored = table.read();
            String problem = StoreMark.contradiction(stored == null ? null : stored.mark(), seen);
            String rows = digest(stored != null);
            if (problem == null && database.isExclusive() && stored != null) {
                problem = stored.contradiction(rows);
            }
            if (problem != null && (!acceptOlder || stored == null)) {
                throw new DamagedCheckpointsException(problem);
            }
            if (problem != null) {
                LOG.warn("{}: {}. It is accepted, as configured", database.name(), problem);
            }
            createTables.run();
            lastSeen.write(table.advance(mark -> mark.next(seen), null));
            open = true;
        } catch (RuntimeException failure) {
            throw named(failure);
        }
    }

    /** Forgets what was seen last: the next {@link #open} takes the store as it is, if it is whole. */
    public synchronized void forget() {
        lastSeen.delete();
    }

    /**
     * Deletes the rows of the namespace, and the row of {@code shardmill_store} if it is damaged. All else stays, for other
     * applications may use it.
     *
     * @param createTables creates the tables that are missing
     * @throws CheckpointStoreException if the database can't be reached or refuses
     */
    public synchronized void clear(Runnable createTables) {
        try {
            createTables.run();
            table.deleteIfDamaged();
            int rows = StoreContents.delete(database.dataSource(), Objects.requireNonNull(database.namespace()));
            LOG.warn("{}: deleted the {} rows of namespace {}", database.name(), rows, database.namespace());
        } catch (RuntimeException failure) {
            throw named(failure);
        }
    }

    /** Returns null if there are no tables and none are expected. */
    private @Nullable String digest(boolean expected) {
        try {
            return StoreContents.digest(database.dataSource(), database.namespace(), database.isExclusive());
        } catch (BadSqlGrammarException missing) {
            if (expected) {
                throw new DamagedCheckpointsException(
                        "a table or a column is missing: " + DatabaseFailures.message(missing), missing);
            }
            return null;
        }
    }

    private CheckpointStoreException named(RuntimeException failure) {
        String message = database.name() + ": " + DatabaseFailures.message(failure);
        boolean isDamage = database.isExclusive()
                ? DatabaseFailures.isDamageOfOwnFile(failure)
                : DatabaseFailures.isDamage(failure);
        return failure instanceof DamagedCheckpointsException || isDamage
                ? new DamagedCheckpointsException(message, failure)
                : new CheckpointStoreException(message, failure);
    }

    /**
     * Records that the store is in use, so that a copy which is older than the last call is refused as older when it is put
     * back. Logs a failure, and does nothing if the store is not open.
     */
    public synchronized void advance() {
        if (open) {
            record("the checkpoints' age could not be recorded, so an older copy of them is not noticed", false);
        }
    }

    /** Records a clean stop, after the last write of this process; logs a failure, and does nothing if the store is not open. */
    public synchronized void close() {
        if (open) {
            open = false;
            record(
                    "the clean stop could not be recorded, so rows that are lost until the next start are not noticed",
                    database.isExclusive());
        }
    }

    private void record(String consequence, boolean withDigest) {
        try {
            StoreMark stored = Objects.requireNonNull(table.read(), "table shardmill_store is empty")
                    .mark();
            String problem = StoreMark.contradiction(stored, lastSeen.read());
            if (problem != null) {
                throw new DamagedCheckpointsException(problem);
            }
            String digest = withDigest ? StoreContents.digest(database.dataSource(), null, false) : null;
            lastSeen.write(table.advance(mark -> mark.next(null), digest));
        } catch (RuntimeException failure) { // of the store, of Spring, or of a pool that can't connect
            LOG.warn("{}: {}: {}", database.name(), consequence, DatabaseFailures.message(failure));
        }
    }
}
