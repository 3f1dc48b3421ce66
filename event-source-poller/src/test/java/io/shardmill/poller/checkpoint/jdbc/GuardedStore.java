package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** An H2 file and its mark in a folder, opened through the guard as the starter opens them. */
final class GuardedStore implements AutoCloseable {

    static final String FILE = "checkpoints.mv.db";
    static final String MARK = "checkpoints.mark";

    private static final String NAMESPACE = "shop";
    private static final List<MappingKey> KEYS = List.of(
            new MappingKey(NAMESPACE, "orders", "orders", "1"),
            new MappingKey(NAMESPACE, "orders", "orders", "2"),
            new MappingKey(NAMESPACE, "clicks", "clicks", "1"));

    private final JdbcConnectionPool pool;
    private final CheckpointGuard guard;
    private final JdbcCheckpointStore checkpoints;
    private final JdbcMappingStore mappings;

    private GuardedStore(Path folder) {
        this.pool = H2Files.open(folder.resolve("checkpoints"));
        this.guard = new CheckpointGuard(
                new CheckpointGuard.Database(pool, folder.resolve(FILE).toString(), null, false),
                new StoreMarkFile(folder.resolve(MARK)));
        this.checkpoints = new JdbcCheckpointStore(pool);
        this.mappings = new JdbcMappingStore(pool);
    }

    static GuardedStore open(Path folder) {
        return open(folder, false);
    }

    static GuardedStore open(Path folder, boolean acceptOlder) {
        GuardedStore store = new GuardedStore(folder);
        try {
            store.guard.open(() -> CheckpointSchema.create(store.pool), acceptOlder);
            return store;
        } catch (RuntimeException refused) {
            store.kill();
            throw refused;
        }
    }

    JdbcCheckpointStore checkpoints() {
        return checkpoints;
    }

    JdbcMappingStore mappings() {
        return mappings;
    }

    JdbcConnectionPool pool() {
        return pool;
    }

    /** Creates mappings and rows, each with something in every column. */
    void fill(int shards) {
        mappings.create(
                NAMESPACE, new StoredMapping("orders", "{\"batchSize\":10}", true, false, null, Instant.EPOCH, 1));
        StoredReplay replay = new StoredReplay(1, "TRIM_HORIZON", true);
        mappings.create(NAMESPACE, new StoredMapping("clicks", null, false, false, replay, Instant.EPOCH, 1));
        for (MappingKey key : KEYS) {
            checkpoints.create(
                    key,
                    IntStream.range(0, shards)
                            .mapToObj(shard -> CheckpointRow.begin(
                                    "shard-" + shard, ShardState.READING, Position.trimHorizon(), List.of("parent")))
                            .toList());
        }
    }

    /** Takes all shards and saves a round of progress of each. */
    void work(int round) {
        for (MappingKey key : KEYS) {
            List<CheckpointUpdate> updates = new ArrayList<>();
            for (CheckpointRow row : checkpoints.load(key)) {
                long epoch = Takes.take(checkpoints, key, row.shard(), "process-" + round)
                        .epoch();
                updates.add(new CheckpointUpdate(
                        key, row.shard(), "process-" + round, epoch, ShardState.READING, progress(round)));
            }
            checkpoints.save(updates);
        }
    }

    private static Progress progress(int round) {
        SequenceNumber watermark = SequenceNumber.of(1_000L * round);
        OpenWindow window = new OpenWindow(
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(round),
                "{\"sum\":\"" + "x".repeat(600) + round + "\"}",
                OpenWindow.Phase.OPEN);
        return new Progress(
                watermark, List.of(new LaneFact(1, 2, SequenceNumber.of(1_000L * round + 7))), List.of(), window);
    }

    void advance() {
        guard.advance();
    }

    /** All that the store's users can see. */
    List<Object> dump() {
        List<Object> all = new ArrayList<>(mappings.all(NAMESPACE));
        all.addAll(checkpoints.mappings(NAMESPACE));
        KEYS.forEach(key -> all.addAll(checkpoints.load(key)));
        return all;
    }

    /** Ends as the death of the process would. */
    void kill() {
        try {
            new JdbcTemplate(pool).execute("shutdown immediately");
        } catch (DataAccessException damaged) {
            // It did not open, or closes with an error.
        }
        pool.dispose();
    }

    @Override
    public void close() {
        guard.close();
        pool.dispose();
    }
}
