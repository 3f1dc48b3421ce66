package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreContract;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class H2FileCheckpointStoreTest extends CheckpointStoreContract {

    @TempDir
    private Path folder;

    private JdbcConnectionPool pool;

    @BeforeEach
    void open() {
        pool = H2Files.open(folder.resolve("checkpoints"));
        CheckpointSchema.create(pool);
    }

    @AfterEach
    void close() {
        pool.dispose();
    }

    @Override
    protected CheckpointStore store() {
        return new JdbcCheckpointStore(pool, this::now);
    }
}
