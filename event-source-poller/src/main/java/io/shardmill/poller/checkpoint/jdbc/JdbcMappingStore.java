package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Mappings in the tables of {@link CheckpointSchema}, with the rows of {@link JdbcCheckpointStore}. Thread-safe. */
public final class JdbcMappingStore implements MappingStore {

    private static final String OF_NAMESPACE = " where namespace = :namespace";
    private static final String OF_NAME = OF_NAMESPACE + " and mapping = :mapping";
    private static final String SELECT = "select * from shardmill_mapping";
    private static final String INSERT =
            "insert into shardmill_mapping (namespace, mapping, version, definition, enabled, deleted, replay,"
                    + " replay_from, last_modified) values (:namespace, :mapping, :version, :definition, :enabled,"
                    + " :deleted, :replay, :replay_from, :last_modified)";
    private static final String UPDATE =
            "update shardmill_mapping set version = :version, definition = :definition, enabled = :enabled,"
                    + " deleted = :deleted, replay = :replay, replay_from = :replay_from,"
                    + " last_modified = :last_modified" + OF_NAME + " and version + 1 = :version";
    private static final String APPLY_REPLAY =
            "update shardmill_mapping set version = version + 1, replay_applied = :replay" + OF_NAME
                    + " and replay = :replay and (replay_applied is null or replay_applied <> :replay)";
    private static final String DELETE = "delete from shardmill_mapping" + OF_NAME;
    private static final String DELETE_ROWS = "delete from shardmill_checkpoint" + OF_NAME;

    private final NamedParameterJdbcTemplate jdbc;
    private final Commits commits;
    private final JdbcCheckpointStore checkpoints;

    /** On tables that exist; nothing is read or written yet. */
    public JdbcMappingStore(DataSource dataSource) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.commits = new Commits(dataSource);
        this.checkpoints = new JdbcCheckpointStore(dataSource);
    }

    @Override
    public List<StoredMapping> all(String namespace) {
        return commits.read(
                "list the mappings of namespace " + namespace,
                () -> jdbc.query(
                        SELECT + OF_NAMESPACE + " order by mapping",
                        new MapSqlParameterSource("namespace", namespace),
                        JdbcMappingStore::mapping));
    }

    @Override
    public Optional<StoredMapping> find(String namespace, String name) {
        return commits.read(
                "look for mapping " + name,
                () -> jdbc.query(SELECT + OF_NAME, Parameters.of(namespace, name), JdbcMappingStore::mapping).stream()
                        .findFirst());
    }

    private static StoredMapping mapping(ResultSet columns, int number) throws SQLException {
        return new StoredMapping(
                columns.getString("mapping"),
                columns.getString("definition"),
                columns.getBoolean("enabled"),
                columns.getBoolean("deleted"),
                replay(columns),
                columns.getObject("last_modified", OffsetDateTime.class).toInstant(),
                columns.getLong("version"));
    }

    private static @Nullable StoredReplay replay(ResultSet columns) throws SQLException {
        String from = columns.getString("replay_from");
        long id = columns.getLong("replay");
        return from == null ? null : new StoredReplay(id, from, columns.getLong("replay_applied") == id);
    }

    @Override
    public boolean create(String namespace, StoredMapping mapping) {
        return commits.change(
                "store mapping " + mapping.name(),
                () -> jdbc.queryForList(SELECT + OF_NAME, Parameters.of(namespace, mapping.name()))
                                .isEmpty()
                        && jdbc.update(INSERT, parameters(namespace, mapping)) == 1);
    }

    @Override
    public boolean update(String namespace, StoredMapping mapping) {
        return commits.change(
                "store mapping " + mapping.name(), () -> jdbc.update(UPDATE, parameters(namespace, mapping)) == 1);
    }

    @Override
    public boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows) {
        return commits.change("replay " + key, () -> {
            boolean isOurs = jdbc.update(APPLY_REPLAY, Parameters.of(key).addValue("replay", replay)) == 1;
            if (isOurs) {
                checkpoints.replaceInTransaction(key, rows);
            }
            return isOurs;
        });
    }

    @Override
    public void delete(String namespace, String name) {
        commits.change("delete mapping " + name, () -> {
            jdbc.update(DELETE, Parameters.of(namespace, name));
            return jdbc.update(DELETE_ROWS, Parameters.of(namespace, name));
        });
    }

    private static MapSqlParameterSource parameters(String namespace, StoredMapping mapping) {
        StoredReplay replay = mapping.replay();
        return Parameters.of(namespace, mapping.name())
                .addValue("version", mapping.version())
                .addValue("definition", mapping.document())
                .addValue("enabled", mapping.enabled())
                .addValue("deleted", mapping.deleted())
                .addValue("replay", replay == null ? null : replay.id())
                .addValue("replay_from", replay == null ? null : replay.from())
                .addValue("last_modified", mapping.lastModified().atOffset(ZoneOffset.UTC));
    }
}
