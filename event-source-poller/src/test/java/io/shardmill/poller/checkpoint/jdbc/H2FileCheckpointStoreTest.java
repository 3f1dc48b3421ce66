package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2FileCheckpointStoreTest extends CheckpointStoreContract {

    @RegisterExtension
    private final H2FileDatabase database = new H2FileDatabase();

    @Override
    protected CheckpointStore store() {
        return new JdbcCheckpointStore(database.pool(), this::now);
    }
}
