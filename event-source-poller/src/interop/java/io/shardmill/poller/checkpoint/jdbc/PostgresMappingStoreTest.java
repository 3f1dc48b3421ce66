package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MappingStoreContract;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;

class PostgresMappingStoreTest extends MappingStoreContract {

    private static EmbeddedPostgres postgres;
    private static DataSource database;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
        database = postgres.getPostgresDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void createTables() {
        new JdbcTemplate(database)
                .execute("drop table if exists shardmill_checkpoint, shardmill_mapping, shardmill_store");
        CheckpointSchema.create(database);
    }

    @Override
    protected MappingStore store() {
        return new JdbcMappingStore(database, CLOCK);
    }

    @Override
    protected CheckpointStore checkpoints() {
        return new JdbcCheckpointStore(database, CLOCK);
    }
}
