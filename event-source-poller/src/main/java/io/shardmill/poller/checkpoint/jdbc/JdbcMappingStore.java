package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Mappings in the tables of {@link CheckpointSchema}, with the rows of {@link JdbcCheckpointStore}. Thread-safe. */
public final class JdbcMappingStore implements MappingStore {

    private static final String OF_NAME = " where namespace = :namespace and mapping = :mapping";
    private static final String SELECT =
            "select * from shardmill_mapping" + " where namespace = :namespace and definition is not null";
    private static final String INSERT =
            "insert into shardmill_mapping (namespace, mapping, paused, definition, last_modified, checksum)"
                    + " values (:namespace, :mapping, :paused, :definition, :last_modified, :checksum)";
    private static final String UPDATE =
            "update shardmill_mapping set paused = :paused, definition = :definition, last_modified = :last_modified,"
                    + " checksum = :checksum" + OF_NAME + " and definition is not null";
    private static final String DELETE = "delete from shardmill_mapping" + OF_NAME;
    private static final String DELETE_ROWS = "delete from shardmill_checkpoint" + OF_NAME;

    private final NamedParameterJdbcTemplate jdbc;
    private final Commits commits;

    /** On tables that exist; nothing is read or written yet. */
    public JdbcMappingStore(DataSource dataSource) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.commits = new Commits(dataSource);
    }

    @Override
    public List<StoredMapping> all(String namespace) {
        return commits.read(
                "list the mappings of namespace " + namespace,
                () -> jdbc.query(
                        SELECT + " order by mapping",
                        new MapSqlParameterSource("namespace", namespace),
                        (columns, number) -> mapping(columns, namespace)));
    }

    @Override
    public Optional<StoredMapping> find(String namespace, String name) {
        return commits.read(
                "look for mapping " + name,
                () -> jdbc
                        .query(
                                SELECT + " and mapping = :mapping",
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
                !columns.getBoolean("paused"),
                columns.getObject("last_modified", OffsetDateTime.class).toInstant());
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

    /** The row as parameters, whether it was created at run time or only paused. */
    static MapSqlParameterSource stored(ResultSet columns, String namespace) throws SQLException {
        long unusedChecksum = requireWhole(columns, namespace);
        return Parameters.of(namespace, columns.getString("mapping"))
                .addValue("definition", columns.getString("definition"))
                .addValue("last_modified", columns.getObject("last_modified", OffsetDateTime.class));
    }

    /** The parameters of a mapping that was not created at run time. */
    static MapSqlParameterSource undefined(String namespace, String mapping) {
        return Parameters.of(namespace, mapping).addValue("definition", null).addValue("last_modified", null);
    }

    @Override
    public boolean create(String namespace, StoredMapping mapping) {
        MapSqlParameterSource parameters = parameters(namespace, mapping);
        return commits.change("store mapping " + mapping.name(), () -> {
            if (!jdbc.queryForList(SELECT + " and mapping = :mapping", parameters)
                    .isEmpty()) {
                return false;
            }
            jdbc.update(DELETE, parameters); // a paused mapping of that name, which was not created at run time
            jdbc.update(INSERT, parameters);
            return true;
        });
    }

    @Override
    public boolean update(String namespace, StoredMapping mapping) {
        return commits.change(
                "store mapping " + mapping.name(), () -> jdbc.update(UPDATE, parameters(namespace, mapping)) > 0);
    }

    @Override
    public void delete(String namespace, String name) {
        commits.change("delete mapping " + name, () -> {
            jdbc.update(DELETE, Parameters.of(namespace, name));
            return jdbc.update(DELETE_ROWS, Parameters.of(namespace, name));
        });
    }

    private static MapSqlParameterSource parameters(String namespace, StoredMapping mapping) {
        return RowChecksum.MAPPING.addTo(Parameters.of(namespace, mapping.name())
                .addValue("paused", !mapping.enabled())
                .addValue("definition", mapping.document())
                .addValue("last_modified", mapping.lastModified().atOffset(ZoneOffset.UTC)));
    }
}
