package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresCheckpointStoreTest extends CheckpointStoreContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Test
    void replicas_that_start_at_once_all_find_their_tables() throws Exception {
        ExecutorService replicas = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                POSTGRES.dropTables();
                List<Future<?>> starts = new ArrayList<>();
                for (int replica = 0; replica < 8; replica++) {
                    starts.add(replicas.submit(() -> CheckpointSchema.create(POSTGRES.dataSource())));
                }
                for (Future<?> start : starts) {
                    start.get();
                }
            }
        } finally {
            replicas.shutdownNow();
        }
    }

    @Override
    protected CheckpointStore store() {
        return new JdbcCheckpointStore(POSTGRES.dataSource(), this::now);
    }
}
