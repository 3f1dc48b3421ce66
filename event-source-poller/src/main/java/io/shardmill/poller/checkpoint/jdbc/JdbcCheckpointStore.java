package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.IncorrectUpdateSemanticsDataAccessException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Checkpoints in an H2 or PostgreSQL database, in the tables of {@link CheckpointSchema}. Every change has a
 * transaction of its own, whatever transaction the caller is in. Thread-safe; fastest with one writing thread.
 */
public final class JdbcCheckpointStore implements CheckpointStore {

    private static final String SELECT = "select * from shardmill_checkpoint";
    private static final String LOCK = SELECT + Parameters.OF_SHARD + " for update";

    /** In the order of the key, as all writes of several rows; a row that a stopped transaction holds is passed over. */
    private static final String LOCK_FREE =
            SELECT + Parameters.OF_MAPPING + " and shard in (:shards) order by shard for update skip locked";

    private static final String LOCK_OWN =
            SELECT + Parameters.OF_MAPPING + " and shard in (:shards) and owner = :owner order by shard for update";
    private static final String OWN =
            "update shardmill_checkpoint set owner = :owner, epoch = :epoch, checksum = :checksum,"
                    + " updated_at = current_timestamp" + Parameters.OF_SHARD;
    private static final String SAVE =
            "update shardmill_checkpoint set state = :state, watermark = :watermark, ahead = :ahead, heads = :heads,"
                    + " open_window = :open_window, checksum = :checksum, updated_at = current_timestamp"
                    + Parameters.OF_SHARD
                    + Parameters.OF_OWNER
                    + " and window_checksum = coalesce(:kept_window, window_checksum)";
    private static final String SAVE_WINDOW_STATE =
            "update shardmill_checkpoint set window_state = :window_state, window_checksum = :window_checksum"
                    + Parameters.OF_SHARD + Parameters.OF_OWNER;
    private static final String REPLACE =
            "update shardmill_checkpoint set owner = null, epoch = :epoch, state = :state,"
                    + " start_position = :start_position, watermark = :watermark, ahead = :ahead, heads = :heads,"
                    + " open_window = :open_window, window_state = :window_state, parents = :parents,"
                    + " checksum = :checksum, start_checksum = :start_checksum, window_checksum = :window_checksum,"
                    + " updated_at = current_timestamp" + Parameters.OF_SHARD;
    private static final String INSERT =
            "insert into shardmill_checkpoint (namespace, mapping, stream, incarnation, shard, epoch, state,"
                    + " start_position, watermark, ahead, heads, open_window, window_state, parents, checksum,"
                    + " start_checksum, window_checksum, updated_at) values (:namespace, :mapping, :stream,"
                    + " :incarnation, :shard, :epoch, :state, :start_position, :watermark, :ahead, :heads,"
                    + " :open_window, :window_state, :parents, :checksum, :start_checksum, :window_checksum,"
                    + " current_timestamp)";

    private final NamedParameterJdbcTemplate jdbc;
    private final LaneFacts facts;
    private final Commits commits;
    private final InstantSource clock;
    private final StoreTable store;
    private volatile @Nullable String id;

    /** On tables that exist; nothing is read or written yet. */
    public JdbcCheckpointStore(DataSource dataSource) {
        this(dataSource, Clock.systemUTC());
    }

    /** @param clock gives epochs */
    public JdbcCheckpointStore(DataSource dataSource, InstantSource clock) {
        this.clock = clock;
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.facts = new LaneFacts(jdbc);
        this.commits = new Commits(dataSource);
        this.store = new StoreTable(dataSource);
    }

    /** Reads it once: a store that is cleared under a running process keeps its old one until the next start. */
    @Override
    public String id() {
        String known = id;
        if (known == null) {
            StoreTable.Stored stored = store.read();
            known = (stored == null ? store.advance(mark -> mark, null) : stored.mark()).id();
            id = known;
        }
        return known;
    }

    @Override
    public List<CheckpointRow> load(MappingKey key) {
        return commits.read(
                "load the checkpoints of " + key,
                () -> facts.addTo(
                        key,
                        jdbc.query(
                                SELECT + Parameters.OF_MAPPING + " order by shard",
                                Parameters.of(key),
                                new RowReader(key))));
    }

    @Override
    public List<MappingKey> mappings(String namespace) {
        return commits.read(
                "list the mappings of namespace " + namespace,
                () -> jdbc.query(
                        "select distinct mapping, stream, incarnation from shardmill_checkpoint"
                                + " where namespace = :namespace order by mapping, stream, incarnation",
                        new MapSqlParameterSource("namespace", namespace),
                        (row, number) -> RowReader.key(row, namespace)));
    }

    @Override
    public List<MappingKey> inAllNamespaces(String mapping, String stream) {
        return commits.read(
                "look for other namespaces with mapping " + mapping,
                () -> jdbc.query(
                        "select distinct namespace, mapping, stream, incarnation from shardmill_checkpoint"
                                + " where mapping = :mapping and stream = :stream order by namespace, incarnation",
                        new MapSqlParameterSource("mapping", mapping).addValue("stream", stream),
                        (row, number) -> RowReader.key(row, row.getString("namespace"))));
    }

    @Override
    public void create(MappingKey key, List<CheckpointRow> rows) {
        commits.change("create checkpoints of " + key, () -> {
            Set<String> present = new HashSet<>(jdbc.queryForList(
                    "select shard from shardmill_checkpoint" + Parameters.OF_MAPPING,
                    Parameters.of(key),
                    String.class));
            return batch(
                    INSERT,
                    rows.stream()
                            .filter(row -> present.add(row.shard()))
                            .map(row -> Parameters.of(key, row, null))
                            .toList());
        });
    }

    @Override
    public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
        return commits.change("take over " + epochs.size() + " shards of " + key, () -> {
            List<CheckpointRow> taken = lock(LOCK_FREE, key, epochs, owner).stream()
                    .map(row -> row.underEpochAfter(row.epoch(), clock.instant()))
                    .toList();
            own(key, taken, owner);
            return taken.isEmpty() ? taken : facts.addTo(key, taken);
        });
    }

    /** Locks those of the shards that have these epochs. */
    private List<CheckpointRow> lock(String query, MappingKey key, Map<String, Long> epochs, String owner) {
        if (epochs.isEmpty()) {
            return List.of();
        }
        SqlParameterSource shards =
                Parameters.of(key).addValue("shards", epochs.keySet()).addValue("owner", owner);
        return jdbc.query(query, shards, new RowReader(key)).stream()
                .filter(row -> Objects.equals(epochs.get(row.shard()), row.epoch()))
                .toList();
    }

    @Override
    public void release(MappingKey key, Map<String, Long> epochs, String owner) {
        commits.change("release " + epochs.size() + " shards of " + key, () -> {
            List<CheckpointRow> own = lock(LOCK_OWN, key, epochs, owner);
            own(key, own, null);
            return own;
        });
    }

    /** Sets owner and epoch of rows that are locked. */
    private void own(MappingKey key, List<CheckpointRow> rows, @Nullable String owner) {
        int[] counts = batch(
                OWN, rows.stream().map(row -> Parameters.of(key, row, owner)).toList());
        for (int i = 0; i < counts.length; i++) {
            isOne(counts[i], key, rows.get(i).shard());
        }
    }

    @Override
    public List<ShardOwnership> unfinished(String namespace) {
        return commits.read(
                "look who owns the shards of namespace " + namespace,
                () -> jdbc.query(
                        "select mapping, stream, incarnation, shard, owner, epoch, parents from shardmill_checkpoint"
                                + " where namespace = :namespace and state = 'READING'",
                        new MapSqlParameterSource("namespace", namespace),
                        (columns, number) -> new ShardOwnership(
                                RowReader.key(columns, namespace),
                                columns.getString("shard"),
                                columns.getString("owner"),
                                columns.getLong("epoch"),
                                ProgressText.shards(columns.getString("parents")))));
    }

    /** Keeps other transactions from writing the row until the transaction ends; null if there is none. */
    private @Nullable CheckpointRow lock(MappingKey key, String shard) {
        List<CheckpointRow> rows = jdbc.query(LOCK, Parameters.of(key, shard), new RowReader(key));
        return isOne(rows.size(), key, shard) ? rows.get(0) : null;
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        if (updates.isEmpty()) {
            return List.of();
        }
        return commits.change("save " + updates.size() + " checkpoints", () -> {
            List<CheckpointUpdate> lost = facts.lacking(updates);
            List<CheckpointUpdate> sound = new ArrayList<>(updates);
            sound.removeAll(lost);
            int[] counts = batch(SAVE, sound.stream().map(Parameters::of).toList());
            List<CheckpointUpdate> windows =
                    sound.stream().filter(CheckpointUpdate::windowStateChanged).toList();
            if (!windows.isEmpty()) {
                batch(
                        SAVE_WINDOW_STATE,
                        windows.stream().map(Parameters::ofWindowState).toList());
            }
            for (int i = 0; i < counts.length; i++) {
                CheckpointUpdate update = sound.get(i);
                if (!isOne(counts[i], update.key(), update.shard())) {
                    lost.add(update);
                }
            }
            return lost;
        });
    }

    @Override
    public void replace(MappingKey key, List<CheckpointRow> rows) {
        commits.change("replace checkpoints of " + key, () -> replaceInTransaction(key, rows));
    }

    /** Replaces rows as {@link #replace} does, in the caller's transaction. */
    int[] replaceInTransaction(MappingKey key, List<CheckpointRow> rows) {
        List<SqlParameterSource> missing = new ArrayList<>();
        for (CheckpointRow row : rows) {
            CheckpointRow locked = lock(key, row.shard());
            long epoch = locked == null ? 0 : locked.epoch();
            SqlParameterSource replacement = Parameters.of(key, row.underEpochAfter(epoch, clock.instant()), null);
            if (locked == null) {
                missing.add(replacement);
            } else {
                jdbc.update(REPLACE, replacement);
            }
        }
        facts.delete(key, rows.stream().map(CheckpointRow::shard).toList());
        return batch(INSERT, missing);
    }

    @Override
    public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows) {
        return commits.change("set " + rows.size() + " checkpoints of " + key, () -> {
            Map<String, Long> epochs = new HashMap<>();
            rows.forEach(row -> epochs.put(row.shard(), row.epoch()));
            List<String> seen = lock(LOCK_FREE, key, epochs, "").stream()
                    .map(CheckpointRow::shard)
                    .toList();
            replaceInTransaction(
                    key, rows.stream().filter(row -> seen.contains(row.shard())).toList());
            return seen.stream()
                    .map(shard -> Objects.requireNonNull(lock(key, shard)))
                    .toList();
        });
    }

    @Override
    public void delete(MappingKey key, Collection<String> shards) {
        commits.change("delete checkpoints of " + key, () -> {
            int[] counts = batch(
                    "delete from shardmill_checkpoint" + Parameters.OF_SHARD,
                    shards.stream().map(shard -> Parameters.of(key, shard)).toList());
            facts.delete(key, shards); // after the rows, under which no other fact can come now
            return counts;
        });
    }

    private int[] batch(String sql, List<? extends SqlParameterSource> parameters) {
        return jdbc.batchUpdate(sql, parameters.toArray(SqlParameterSource[]::new));
    }

    private static boolean isOne(int count, MappingKey key, String shard) {
        if (count != 0 && count != 1) {
            throw new IncorrectUpdateSemanticsDataAccessException("shard " + shard + " of " + key
                    + " is said to have " + count + " rows, which can't be: the condition names the whole"
                    + " primary key. Either table shardmill_checkpoint lacks the primary key of schema.sql, or the"
                    + " driver doesn't count a batch's rows");
        }
        return count == 1;
    }
}
