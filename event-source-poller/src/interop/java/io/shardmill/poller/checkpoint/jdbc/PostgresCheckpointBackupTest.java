package io.shardmill.poller.checkpoint.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;

class PostgresCheckpointBackupTest extends CheckpointBackupContract {

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
        new JdbcTemplate(database).execute("drop table if exists shardmill_checkpoint, shardmill_mapping");
        CheckpointSchema.create(database);
    }

    @Override
    DataSource database() {
        return database;
    }
}
