package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.MappingKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Reads and verifies every row of {@code shardmill_checkpoint} and {@code shardmill_mapping}. */
final class StoreContents {

    private static final String COUNT_BY_SHARD =
            "select count(*) from shardmill_checkpoint where namespace = :namespace"
                    + " and mapping = :mapping and stream = :stream and incarnation = :incarnation and shard = :shard";
    private static final String COUNT_BY_MAPPING =
            "select count(*) from shardmill_mapping where namespace = :namespace and mapping = :mapping";

    private final NamedParameterJdbcTemplate jdbc;
    private long rows;
    private long sum;

    private StoreContents(DataSource dataSource) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
    }

    /**
     * Returns a digest of all rows that does not depend on their order.
     *
     * @param withIndexes whether to look up each row by its primary key, too
     * @throws DamagedCheckpointsException if a row does not match its checksums, or its table's primary key does not find it
     */
    static String digest(DataSource dataSource, boolean withIndexes) {
        StoreContents contents = new StoreContents(dataSource);
        contents.read(withIndexes);
        return contents.rows + " rows, " + Long.toHexString(contents.sum);
    }

    private void read(boolean withIndexes) {
        JdbcTemplate plain = jdbc.getJdbcTemplate();
        List<MapSqlParameterSource> shards = new ArrayList<>();
        plain.query("select * from shardmill_checkpoint", columns -> {
            shards.add(shard(columns));
        });
        List<MapSqlParameterSource> mappings = new ArrayList<>();
        plain.query("select * from shardmill_mapping", columns -> {
            mappings.add(mapping(columns));
        });
        if (withIndexes) {
            requireInPrimaryKey("shardmill_checkpoint", COUNT_BY_SHARD, shards);
            requireInPrimaryKey("shardmill_mapping", COUNT_BY_MAPPING, mappings);
        }
    }

    private MapSqlParameterSource shard(ResultSet columns) throws SQLException {
        MappingKey key = new MappingKey(
                columns.getString("namespace"),
                columns.getString("mapping"),
                columns.getString("stream"),
                columns.getString("incarnation"));
        RowReader.requireWhole(columns, key);
        add(
                columns.getLong(RowChecksum.START.column()),
                columns.getLong(RowChecksum.PROGRESS.column()),
                columns.getLong(RowChecksum.WINDOW.column()));
        return Parameters.of(key, columns.getString("shard"));
    }

    private MapSqlParameterSource mapping(ResultSet columns) throws SQLException {
        String namespace = columns.getString("namespace");
        String mapping = columns.getString("mapping");
        add(JdbcMappingStore.requireWhole(columns, namespace));
        return Parameters.of(namespace, mapping);
    }

    private void add(long... checksums) {
        long row = 0;
        for (long checksum : checksums) {
            row = row * 0x100000001b3L + checksum;
        }
        rows++;
        sum += row;
    }

    /** H2 keeps the primary key's index apart from the rows: each can be damaged without the other. */
    private void requireInPrimaryKey(String table, String count, List<MapSqlParameterSource> keys) {
        for (MapSqlParameterSource key : keys) {
            Long found = jdbc.queryForObject(count, key, Long.class);
            if (found == null || found != 1) {
                throw new DamagedCheckpointsException("table " + table + ": its primary key finds " + found
                        + " rows for " + key.getValues() + ", so the index is damaged");
            }
        }
    }
}
