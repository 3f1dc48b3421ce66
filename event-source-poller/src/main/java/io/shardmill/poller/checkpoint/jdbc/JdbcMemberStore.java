package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.MemberStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** Members in the tables of {@link CheckpointSchema}. Thread-safe. */
public final class JdbcMemberStore implements MemberStore {

    private static final String OF_NAMESPACE = " where namespace = :namespace";
    private static final String OF_MEMBER = OF_NAMESPACE + " and member = :member";
    private static final String DELETE = "delete from shardmill_member" + OF_MEMBER;
    private static final String DELETE_MAPPINGS = "delete from shardmill_member_mapping" + OF_MEMBER;

    private final NamedParameterJdbcTemplate jdbc;
    private final Commits commits;

    /** On tables that exist; nothing is read or written yet. */
    public JdbcMemberStore(DataSource dataSource) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.commits = new Commits(dataSource);
    }

    private static MapSqlParameterSource member(String namespace, String id) {
        return new MapSqlParameterSource("namespace", namespace).addValue("member", id);
    }

    @Override
    public void join(String namespace, String id, long timeToLiveMillis) {
        commits.change(
                "join as " + id,
                () -> jdbc.update(
                        "insert into shardmill_member (namespace, member, version, time_to_live, draining, seen_at)"
                                + " values (:namespace, :member, 1, :time_to_live, false, current_timestamp)",
                        member(namespace, id).addValue("time_to_live", timeToLiveMillis)));
    }

    @Override
    public boolean renew(String namespace, String id) {
        return commits.change(
                "send a heartbeat",
                () -> jdbc.update(
                                "update shardmill_member set version = version + 1, seen_at = current_timestamp"
                                        + OF_MEMBER,
                                member(namespace, id))
                        == 1);
    }

    @Override
    public void describe(String namespace, String id, Set<MappingKey> mappings, boolean draining) {
        commits.change("describe member " + id, () -> {
            boolean isThere = jdbc.update(
                            "update shardmill_member set draining = :draining" + OF_MEMBER,
                            member(namespace, id).addValue("draining", draining))
                    == 1;
            if (isThere) {
                jdbc.update(DELETE_MAPPINGS, member(namespace, id));
                jdbc.batchUpdate(
                        "insert into shardmill_member_mapping (namespace, member, mapping, stream, incarnation)"
                                + " values (:namespace, :member, :mapping, :stream, :incarnation)",
                        mappings.stream()
                                .map(mapping -> Parameters.of(mapping).addValue("member", id))
                                .toArray(SqlParameterSource[]::new));
            }
            return isThere;
        });
    }

    @Override
    public List<MemberRow> members(String namespace) {
        SqlParameterSource parameters = new MapSqlParameterSource("namespace", namespace);
        return commits.read("list the members of namespace " + namespace, () -> {
            Map<String, Set<MappingKey>> mappings = new HashMap<>();
            jdbc.query("select * from shardmill_member_mapping" + OF_NAMESPACE, parameters, columns -> {
                mappings.computeIfAbsent(columns.getString("member"), missing -> new HashSet<>())
                        .add(RowReader.key(columns, namespace));
            });
            return jdbc.query(
                    "select * from shardmill_member" + OF_NAMESPACE + " order by member",
                    parameters,
                    (columns, number) -> new MemberRow(
                            columns.getString("member"),
                            columns.getLong("version"),
                            columns.getLong("time_to_live"),
                            mappings.getOrDefault(columns.getString("member"), Set.of()),
                            columns.getBoolean("draining")));
        });
    }

    @Override
    public void remove(String namespace, String id, long version) {
        commits.change("remove member " + id, () -> {
            boolean isRemoved = jdbc.update(
                            DELETE + " and version = :version",
                            member(namespace, id).addValue("version", version))
                    == 1;
            if (isRemoved) {
                jdbc.update(DELETE_MAPPINGS, member(namespace, id));
            }
            return isRemoved;
        });
    }

    @Override
    public void leave(String namespace, String id) {
        commits.change("leave as member " + id, () -> {
            int members = jdbc.update(
                    DELETE, member(namespace, id)); // the member's row first, as in all transactions, or they deadlock
            jdbc.update(DELETE_MAPPINGS, member(namespace, id));
            return members;
        });
    }
}
