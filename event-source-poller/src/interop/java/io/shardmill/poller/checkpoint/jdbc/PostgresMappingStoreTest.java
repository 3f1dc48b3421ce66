package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MappingStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresMappingStoreTest extends MappingStoreContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Override
    protected MappingStore store() {
        return new JdbcMappingStore(POSTGRES.dataSource(), CLOCK);
    }

    @Override
    protected CheckpointStore checkpoints() {
        return new JdbcCheckpointStore(POSTGRES.dataSource(), CLOCK);
    }
}
