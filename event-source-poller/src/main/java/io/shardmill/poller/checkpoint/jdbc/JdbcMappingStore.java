package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final String LOCK = SELECT + OF_NAME + " for update";
    private static final String INSERT =
            "insert into shardmill_mapping (namespace, mapping, version, definition, enabled, deleted, replay,"
                    + " replay_from, replay_applied, last_modified, checksum) values (:namespace, :mapping, :version,"
                    + " :definition, :enabled, :deleted, :replay, :replay_from, :replay_applied, :last_modified,"
                    + " :checksum)";
    private static final String UPDATE =
            "update shardmill_mapping set version = :version, definition = :definition, enabled = :enabled,"
                    + " deleted = :deleted, replay = :replay, replay_from = :replay_from,"
                    + " replay_applied = :replay_applied, last_modified = :last_modified, checksum = :checksum"
                    + OF_NAME + " and version + 1 = :version";
    private static final String DELETE =
            "delete from shardmill_mapping" + OF_NAME + " and version = :version and deleted";
    private static final String DELETE_ROWS = "delete from shardmill_checkpoint" + OF_NAME;

    private final NamedParameterJdbcTemplate jdbc;
    private final Commits commits;
    private final JdbcCheckpointStore checkpoints;

    /** On tables that exist; nothing is read or written yet. */
    public JdbcMappingStore(DataSource dataSource) {
        this(dataSource, Clock.systemUTC());
    }

    /** @param clock gives epochs */
    public JdbcMappingStore(DataSource dataSource, InstantSource clock) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.commits = new Commits(dataSource);
        this.checkpoints = new JdbcCheckpointStore(dataSource, clock);
    }

    @Override
    public List<StoredMapping> all(String namespace) {
        return commits.read(
                "list the mappings of namespace " + namespace,
                () -> jdbc.query(
                        SELECT + OF_NAMESPACE + " order by mapping",
                        new MapSqlParameterSource("namespace", namespace),
                        (columns, number) -> mapping(columns, namespace)));
    }

    @Override
    public Map<String, Long> versions(String namespace) {
        return commits.read("list the versions of the mappings of namespace " + namespace, () -> {
            Map<String, Long> versions = new HashMap<>();
            jdbc.query(
                    "select mapping, version from shardmill_mapping" + OF_NAMESPACE,
                    new MapSqlParameterSource("namespace", namespace),
                    columns -> {
                        versions.put(columns.getString("mapping"), columns.getLong("version"));
                    });
            return versions;
        });
    }

    @Override
    public Optional<StoredMapping> find(String namespace, String name) {
        return commits.read(
                "look for mapping " + name,
                () -> jdbc
                        .query(
                                SELECT + OF_NAME,
                                Parameters.of(namespace, name),
                                (columns, number) -> mapping(columns, namespace))
                        .stream()
                        .findFirst());
    }

    private static StoredMapping mapping(ResultSet columns, String namespace) throws SQLException {
        long unusedChecksum = requireWhole(columns, namespace);
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
        return from == null
                ? null
                : new StoredReplay(columns.getLong("replay"), from, columns.getBoolean("replay_applied"));
    }

    /**
     * Returns the row's checksum.
     *
     * @throws DamagedCheckpointsException if the row does not match it
     */
    static long requireWhole(ResultSet columns, String namespace) throws SQLException {
        return RowChecksum.MAPPING.require(
                columns,
                "table shardmill_mapping, mapping " + columns.getString("mapping") + " of namespace " + namespace);
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

    /** Keeps other transactions from writing the row until the transaction ends; null if there is none. */
    private @Nullable StoredMapping lock(String namespace, String name) {
        return jdbc
                .query(LOCK, Parameters.of(namespace, name), (columns, number) -> mapping(columns, namespace))
                .stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows) {
        return commits.change("replay " + key, () -> {
            StoredMapping locked = lock(key.namespace(), key.mapping());
            if (locked == null || !locked.awaitsReplay(replay)) {
                return false;
            }
            jdbc.update(UPDATE, parameters(key.namespace(), locked.withReplayApplied()));
            checkpoints.replaceInTransaction(key, rows);
            return true;
        });
    }

    @Override
    public boolean delete(String namespace, String name, long version) {
        return commits.change("delete mapping " + name, () -> {
            boolean deleted = jdbc.update(DELETE, Parameters.of(namespace, name).addValue("version", version)) == 1;
            if (deleted) {
                jdbc.update(DELETE_ROWS, Parameters.of(namespace, name));
            }
            return deleted;
        });
    }

    private static MapSqlParameterSource parameters(String namespace, StoredMapping mapping) {
        StoredReplay replay = mapping.replay();
        return RowChecksum.MAPPING.addTo(Parameters.of(namespace, mapping.name())
                .addValue("version", mapping.version())
                .addValue("definition", mapping.document())
                .addValue("enabled", mapping.enabled())
                .addValue("deleted", mapping.deleted())
                .addValue("replay", replay == null ? null : replay.id())
                .addValue("replay_from", replay == null ? null : replay.from())
                .addValue("replay_applied", replay != null && replay.applied())
                .addValue("last_modified", mapping.lastModified().atOffset(ZoneOffset.UTC)));
    }
}
