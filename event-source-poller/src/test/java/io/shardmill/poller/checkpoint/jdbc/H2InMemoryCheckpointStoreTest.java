package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreContract;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class H2InMemoryCheckpointStoreTest extends CheckpointStoreContract {

    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");

    @BeforeEach
    void createTables() {
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
