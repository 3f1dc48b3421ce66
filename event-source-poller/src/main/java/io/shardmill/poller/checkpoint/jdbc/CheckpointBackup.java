package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads all rows of the tables of {@link CheckpointSchema} for a backup, and puts them back. Columns are taken as the
 * database has them. Thread-safe; every method may block and throws {@link CheckpointStoreException} when the database
 * can't be reached or refuses.
 */
public final class CheckpointBackup {

    private static final String CHECKPOINTS = "shardmill_checkpoint";
    private static final String LANES = "shardmill_lane";
    private static final int FETCHED_AT_ONCE = 100;
    private static final String NAMESPACE = "namespace";
    private static final String EPOCH = "epoch";
    private static final String OWNER = "owner";

    private final DataSource dataSource;

    public CheckpointBackup(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Reads the rows as they are at one moment, in one transaction, a few at a time.
     *
     * @param namespace null for those of all namespaces
     * @throws DamagedCheckpointsException if a row does not match its checksums
     * @param rows gets one after the other, while a connection is held
     */
    public void read(@Nullable String namespace, Consumer<TableRow> rows) {
        TransactionTemplate snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        jdbc.setFetchSize(FETCHED_AT_ONCE);
        String ofNamespace = namespace == null ? "" : " where namespace = ?";
        Object[] parameters = namespace == null ? new Object[0] : new Object[] {namespace};
        try {
            snapshot.executeWithoutResult(status -> CheckpointSchema.NAMESPACED.forEach(table -> jdbc.query(
                    "select * from " + table + ofNamespace,
                    columns -> {
                        requireWhole(table, columns);
                        rows.accept(new TableRow(table, ColumnValues.read(columns)));
                    },
                    parameters)));
        } catch (DataAccessException e) {
            throw unreadable(e);
        } catch (TransactionException e) {
            throw unreadable(e);
        }
    }

    private static CheckpointStoreException unreadable(RuntimeException refused) {
        return new CheckpointStoreException(
                "could not read all checkpoints: " + DatabaseFailures.message(refused), refused);
    }

    /** A row's checksum is computed anew when it is put back, so damage must not get that far. */
    private static void requireWhole(String table, ResultSet columns) throws SQLException {
        String namespace = columns.getString(NAMESPACE);
        switch (table) {
            case CHECKPOINTS -> RowReader.requireWhole(columns, RowReader.key(columns, namespace));
            case LANES -> LaneFacts.requireWhole(columns, RowReader.key(columns, namespace));
            default -> JdbcMappingStore.requireWhole(columns, namespace);
        }
    }

    /**
     * Replaces all rows of the namespaces that these rows have by these, in one transaction. Nothing that uses them may
     * run. The rows get no owner, and no smaller epochs than those they replace; each takeover gives a larger one.
     *
     * @return how many rows were replaced
     * @throws IllegalArgumentException if a row has a table or a column that the database lacks; nothing is changed
     */
    public int replaceBy(Iterator<TableRow> rows) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        return new Commits(dataSource).change("restore checkpoints", () -> replaceBy(rows, jdbc));
    }

    private static int replaceBy(Iterator<TableRow> rows, JdbcTemplate jdbc) {
        Map<String, ColumnValues> columns = new HashMap<>();
        CheckpointSchema.NAMESPACED.forEach(table -> columns.put(table, ColumnValues.of(jdbc, table)));
        Long largest = jdbc.queryForObject("select max(epoch) from shardmill_checkpoint", Long.class);
        long epoch = largest == null ? 0 : largest;
        Set<String> replaced = new HashSet<>();
        int deleted = 0;
        while (rows.hasNext()) {
            TableRow row = rows.next();
            ColumnValues target = columns.get(row.table());
            if (target == null) {
                throw new IllegalArgumentException("unknown table " + row.table()
                        + "; restore with the version that made the backup, or a newer one");
            }
            String namespace = String.valueOf(row.text(NAMESPACE));
            if (replaced.add(namespace)) {
                for (String table : CheckpointSchema.NAMESPACED) {
                    deleted += jdbc.update("delete from " + table + " where namespace = ?", namespace);
                }
            }
            insert(row, target, jdbc, epoch);
        }
        return deleted;
    }

    /** Returns whether there are rows of a namespace. */
    public boolean has(String namespace) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        return new Commits(dataSource).read("look for checkpoints", () -> has(namespace, jdbc));
    }

    private static boolean has(String namespace, JdbcTemplate jdbc) {
        return CheckpointSchema.NAMESPACED.stream()
                .anyMatch(table -> !jdbc.queryForList(
                                "select mapping from " + table + " where namespace = ? fetch first 1 rows only",
                                namespace)
                        .isEmpty());
    }

    /**
     * Adds the rows of a namespace in another database, in one transaction, unless there are some of it here. Nothing that uses
     * either may run. They get no owner.
     *
     * @return how many were added
     * @throws DamagedCheckpointsException if the other database is damaged, or lacks rows that it had at its clean stop
     */
    public int add(String namespace, DataSource other) {
        List<TableRow> rows = new ArrayList<>();
        requireUnchanged(other);
        new CheckpointBackup(other).read(namespace, rows::add);
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        return new Commits(dataSource).change("import checkpoints", () -> {
            if (has(namespace, jdbc)) {
                return 0;
            }
            int unusedReplaced = replaceBy(rows.iterator(), jdbc);
            return rows.size();
        });
    }

    private static void requireUnchanged(DataSource other) {
        try {
            StoreTable.Stored stored = new StoreTable(other).read();
            String rows = StoreContents.digest(other, null, true);
            String problem = stored == null ? null : stored.contradiction(rows);
            if (problem != null) {
                throw new DamagedCheckpointsException(problem);
            }
        } catch (DataAccessException e) {
            throw unreadable(e);
        } catch (TransactionException e) {
            throw unreadable(e);
        }
    }

    private static void insert(TableRow row, ColumnValues target, JdbcTemplate jdbc, long epoch) {
        try {
            target.insert(jdbc, renewed(row, epoch));
        } catch (DuplicateKeyException used) {
            // Trying again, as other changes do, would leave out the rows that were taken from the iterator.
            throw new CheckpointStoreException(
                    "could not restore checkpoints: another process writes rows of namespace " + row.text(NAMESPACE),
                    used);
        }
    }

    private static Map<String, @Nullable Object> renewed(TableRow row, long epoch) {
        Map<String, @Nullable Object> columns = row.columns();
        if (columns.get(EPOCH) instanceof Number taken) {
            columns.put(EPOCH, Math.max(epoch, taken.longValue()));
            columns.put(OWNER, null);
            RowChecksum sum = RowChecksum.PROGRESS;
            columns.put(
                    sum.column(), sum.addTo(new MapSqlParameterSource(columns)).getValue(sum.column()));
        }
        return columns;
    }

    /**
     * Returns the position from which a shard's row resumes; empty for a row of another table, and for a shard that has
     * nothing left to deliver.
     *
     * @throws IllegalArgumentException if a column can't be read
     */
    public static Optional<Position> position(TableRow row) {
        if (!ShardState.READING.name().equals(row.text("state"))) {
            return Optional.empty();
        }
        String watermark = row.text("watermark");
        return Optional.of(
                watermark == null
                        ? ProgressText.position(String.valueOf(row.text("start_position")))
                        : Position.after(SequenceNumber.parse(watermark)));
    }
}
