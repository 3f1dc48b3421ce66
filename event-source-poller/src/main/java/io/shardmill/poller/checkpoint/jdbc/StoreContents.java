package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.MappingKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads and verifies the rows of {@code shardmill_checkpoint}, {@code shardmill_mapping} and {@code shardmill_lane}, a few at a time. */
final class StoreContents {

    private static final String BY_SHARD = "select checksum from shardmill_checkpoint" + Parameters.OF_SHARD;
    private static final String BY_MAPPING =
            "select checksum from shardmill_mapping where namespace = :namespace and mapping = :mapping";

    private static final String BY_LANE = "select checksum from shardmill_lane" + Parameters.OF_LANE;

    private static final String CHECKSUM = "checksum";
    private static final int FETCHED_AT_ONCE = 100;

    private record Row(MapSqlParameterSource key, long checksum) {}

    private final NamedParameterJdbcTemplate jdbc;
    private final @Nullable String namespace;
    private long rows;
    private long sum;

    private StoreContents(DataSource dataSource, @Nullable String namespace) {
        JdbcTemplate fewAtATime = new JdbcTemplate(dataSource);
        fewAtATime.setFetchSize(FETCHED_AT_ONCE);
        this.jdbc = new NamedParameterJdbcTemplate(fewAtATime);
        this.namespace = namespace;
    }

    /**
     * Returns a digest of the rows that does not depend on their order.
     *
     * @param namespace null for the rows of all namespaces
     * @param withIndexes whether to look up each row by its primary key, too
     * @throws DamagedCheckpointsException if a row does not match its checksums, or its table's primary key does not find it
     */
    static String digest(DataSource dataSource, @Nullable String namespace, boolean withIndexes) {
        StoreContents contents = new StoreContents(dataSource, namespace);
        TransactionTemplate reading = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        reading.setReadOnly(true);
        reading.executeWithoutResult(status -> contents.read(withIndexes));
        return contents.rows + " rows, " + Long.toHexString(contents.sum);
    }

    /**
     * Deletes all rows of a namespace in one transaction.
     *
     * @return how many
     */
    static int delete(DataSource dataSource, String namespace) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        return new Commits(dataSource)
                .change(
                        "delete the rows of namespace " + namespace,
                        () -> CheckpointSchema.NAMESPACED.stream()
                                .mapToInt(table ->
                                        jdbc.update("delete from " + table + " where namespace = ?", namespace))
                                .sum());
    }

    private void read(boolean withIndexes) {
        read("shardmill_checkpoint", this::shard, withIndexes ? BY_SHARD : null);
        read("shardmill_mapping", this::mapping, withIndexes ? BY_MAPPING : null);
        read("shardmill_lane", this::lane, withIndexes ? BY_LANE : null);
    }

    /** Verifies a row, adds it to the digest, and returns its key. */
    private interface Verification {
        MapSqlParameterSource of(ResultSet columns) throws SQLException;
    }

    /** @param byKey finds a row by its primary key; null if that is not to be verified */
    private void read(String table, Verification verification, @Nullable String byKey) {
        String ofNamespace = namespace == null ? "" : " where namespace = :namespace";
        List<Row> rows = new ArrayList<>();
        jdbc.query(
                "select * from " + table + ofNamespace,
                new MapSqlParameterSource("namespace", namespace),
                (ResultSet columns) -> {
                    Row row = new Row(verification.of(columns), columns.getLong(CHECKSUM));
                    if (byKey != null) {
                        rows.add(row);
                    }
                });
        if (byKey != null) {
            requireInPrimaryKey(table, byKey, rows);
        }
    }

    private MapSqlParameterSource shard(ResultSet columns) throws SQLException {
        MappingKey key = RowReader.key(columns, columns.getString("namespace"));
        RowReader.requireWhole(columns, key);
        add(
                columns.getLong(RowChecksum.START.column()),
                columns.getLong(RowChecksum.PROGRESS.column()),
                columns.getLong(RowChecksum.WINDOW.column()));
        return Parameters.of(key, columns.getString("shard"));
    }

    private MapSqlParameterSource mapping(ResultSet columns) throws SQLException {
        String owner = columns.getString("namespace");
        add(JdbcMappingStore.requireWhole(columns, owner));
        return Parameters.of(owner, columns.getString("mapping"));
    }

    private MapSqlParameterSource lane(ResultSet columns) throws SQLException {
        MappingKey key = RowReader.key(columns, columns.getString("namespace"));
        add(LaneFacts.requireWhole(columns, key));
        return LaneFacts.key(columns, key);
    }

    private void add(long... checksums) {
        long row = 0;
        for (long checksum : checksums) {
            row = row * 0x100000001b3L + checksum;
        }
        rows++;
        sum += row;
    }

    /**
     * H2 keeps the primary key's index apart from the rows: each can be damaged without the other. A column that is not in the
     * index makes it look for the row, too.
     */
    private void requireInPrimaryKey(String table, String query, List<Row> rows) {
        for (Row row : rows) {
            List<Long> found = jdbc.query(query, row.key(), (columns, number) -> columns.getLong(CHECKSUM));
            if (!found.equals(List.of(row.checksum()))) {
                throw new DamagedCheckpointsException("table " + table + ": its primary key finds " + found.size()
                        + " rows for " + row.key().getValues() + ", or another one, so the index is damaged");
            }
        }
    }
}
