package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** The rows of {@code shardmill_lane}. Every method belongs to the caller's transaction. Thread-safe. */
final class LaneFacts {

    private static final String SELECT = "select * from shardmill_lane";
    private static final String INSERT =
            "insert into shardmill_lane (namespace, mapping, stream, incarnation, shard, lane, through, checksum) values"
                    + " (:namespace, :mapping, :stream, :incarnation, :shard, :lane, :through, :checksum)";
    private static final String UPDATE =
            "update shardmill_lane set through = :through, checksum = :checksum" + Parameters.OF_LANE;

    private final NamedParameterJdbcTemplate jdbc;

    LaneFacts(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns these rows of the mapping with the facts of their shards. */
    List<CheckpointRow> addTo(MappingKey key, List<CheckpointRow> rows) {
        Map<String, List<LaneFact>> facts = new HashMap<>();
        jdbc.query(SELECT + Parameters.OF_MAPPING, Parameters.of(key), columns -> {
            facts.computeIfAbsent(columns.getString("shard"), shard -> new ArrayList<>())
                    .add(read(columns, key));
        });
        return rows.stream()
                .map(row -> row.with(facts.getOrDefault(row.shard(), List.of())))
                .toList();
    }

    /**
     * Adds a fact, or replaces the one about its lane. Waits for another transaction that does so.
     *
     * @return false if the fact there says this already
     * @throws CheckpointStoreException if the other transaction has added the lane's first fact meanwhile
     */
    boolean add(LaneCommit commit) {
        SqlParameterSource parameters = parameters(commit);
        List<LaneFact> there = lock(commit);
        if (there.isEmpty()) {
            return insert(commit, parameters);
        }
        return !there.get(0).covers(commit.fact()) && jdbc.update(UPDATE, parameters) == 1;
    }

    /** Returns whether the fact there says this already. */
    boolean has(LaneCommit commit) {
        return lock(commit).stream().anyMatch(fact -> fact.covers(commit.fact()));
    }

    private List<LaneFact> lock(LaneCommit commit) {
        return jdbc.query(
                SELECT + Parameters.OF_LANE + " for update",
                parameters(commit),
                (columns, number) -> read(columns, commit.key()));
    }

    private boolean insert(LaneCommit commit, SqlParameterSource parameters) {
        try {
            return jdbc.update(INSERT, parameters) == 1;
        } catch (DuplicateKeyException addedMeanwhile) {
            throw new CheckpointStoreException(
                    "an earlier transaction of lane " + ProgressText.ofLane(commit.fact()) + " of shard "
                            + commit.shard() + " was committed meanwhile",
                    addedMeanwhile);
        }
    }

    private static SqlParameterSource parameters(LaneCommit commit) {
        return RowChecksum.LANE.addTo(Parameters.of(commit.key(), commit.shard())
                .addValue("lane", ProgressText.ofLane(commit.fact()))
                .addValue("through", commit.fact().through().toString()));
    }

    /** Deletes the facts of these shards. */
    void delete(MappingKey key, Collection<String> shards) {
        if (!shards.isEmpty()) {
            jdbc.update(
                    "delete from shardmill_lane" + Parameters.OF_MAPPING + " and shard in (:shards)",
                    Parameters.of(key).addValue("shards", shards));
        }
    }

    private static LaneFact read(ResultSet columns, MappingKey key) throws SQLException {
        long unusedChecksum = requireWhole(columns, key);
        try {
            return ProgressText.fact(columns.getString("lane"), columns.getString("through"));
        } catch (IllegalArgumentException e) {
            throw new DamagedCheckpointsException(describe(columns, key) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns the row's checksum.
     *
     * @throws DamagedCheckpointsException if the row does not match it
     */
    static long requireWhole(ResultSet columns, MappingKey key) throws SQLException {
        return RowChecksum.LANE.require(columns, describe(columns, key));
    }

    private static String describe(ResultSet columns, MappingKey key) throws SQLException {
        return "table shardmill_lane, lane " + columns.getString("lane") + " of shard " + columns.getString("shard")
                + " of " + key;
    }

    /** Returns the primary key of the present row. */
    static MapSqlParameterSource key(ResultSet columns, MappingKey key) throws SQLException {
        return Parameters.of(key, columns.getString("shard")).addValue("lane", columns.getString("lane"));
    }
}
