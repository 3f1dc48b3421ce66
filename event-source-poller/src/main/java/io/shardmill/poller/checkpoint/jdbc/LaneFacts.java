package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ProgressText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** The rows of {@code shardmill_lane}. Every method belongs to the caller's transaction. Thread-safe. */
final class LaneFacts {

    private static final String SELECT = "select * from shardmill_lane";
    private static final String OF_SHARDS = SELECT + Parameters.OF_MAPPING + " and shard in (:shards)";
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
        Map<String, List<LaneFact>> facts = select(SELECT + Parameters.OF_MAPPING, Parameters.of(key), key);
        return rows.stream()
                .map(row -> row.with(facts.getOrDefault(row.shard(), List.of())))
                .toList();
    }

    private Map<String, List<LaneFact>> select(String query, SqlParameterSource parameters, MappingKey key) {
        Map<String, List<LaneFact>> facts = new HashMap<>();
        jdbc.query(query, parameters, columns -> {
            facts.computeIfAbsent(columns.getString("shard"), shard -> new ArrayList<>())
                    .add(read(columns, key));
        });
        return facts;
    }

    /**
     * Adds a fact, or replaces the one about its lane. Waits for another transaction that does so.
     *
     * @return that it is {@link Outcome#COMMITTED} with the transaction; or why it was not added
     * @throws CheckpointStoreException if the other transaction has added the lane's first fact meanwhile
     */
    Outcome add(LaneCommit commit) {
        SqlParameterSource parameters = parameters(commit);
        List<LaneFact> there = lock(commit);
        LaneFact before = commit.before();
        if (before != null && there.stream().noneMatch(fact -> fact.covers(before))) {
            return Outcome.NOT_OWNED;
        }
        if (there.isEmpty()) {
            insert(commit, parameters);
            return Outcome.COMMITTED;
        }
        return !there.get(0).covers(commit.fact()) && jdbc.update(UPDATE, parameters) == 1
                ? Outcome.COMMITTED
                : Outcome.FINISHED_BEFORE;
    }

    /** Returns those of the updates that rely on facts which are not there. */
    List<CheckpointUpdate> lacking(List<CheckpointUpdate> updates) {
        Map<MappingKey, List<CheckpointUpdate>> relying = updates.stream()
                .filter(update -> !update.committed().isEmpty())
                .collect(Collectors.groupingBy(CheckpointUpdate::key));
        List<CheckpointUpdate> lacking = new ArrayList<>();
        relying.forEach((key, its) -> {
            Map<String, List<LaneFact>> there = select(
                    OF_SHARDS,
                    Parameters.of(key)
                            .addValue(
                                    "shards",
                                    its.stream().map(CheckpointUpdate::shard).toList()),
                    key);
            its.stream()
                    .filter(update -> update.committed().stream()
                            .anyMatch(fact -> there.getOrDefault(update.shard(), List.of()).stream()
                                    .noneMatch(one -> one.covers(fact))))
                    .forEach(lacking::add);
        });
        return lacking;
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

    private void insert(LaneCommit commit, SqlParameterSource parameters) {
        try {
            jdbc.update(INSERT, parameters);
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
