package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreContract;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class PostgresCheckpointStoreTest extends CheckpointStoreContract {

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
        dropTables();
        CheckpointSchema.create(database);
    }

    @Test
    void replicas_that_start_at_once_all_find_their_tables() throws Exception {
        ExecutorService replicas = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                dropTables();
                List<Future<?>> starts = new ArrayList<>();
                for (int replica = 0; replica < 8; replica++) {
                    starts.add(replicas.submit(() -> CheckpointSchema.create(database)));
                }
                for (Future<?> start : starts) {
                    start.get();
                }
            }
        } finally {
            replicas.shutdownNow();
        }
    }

    private static void dropTables() {
        new JdbcTemplate(database)
                .execute("drop table if exists shardmill_checkpoint, shardmill_mapping, shardmill_store");
    }

    @Override
    protected CheckpointStore store() {
        return new JdbcCheckpointStore(database, this::now);
    }
}
