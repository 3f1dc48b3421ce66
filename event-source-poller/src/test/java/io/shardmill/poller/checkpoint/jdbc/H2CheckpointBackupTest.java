package io.shardmill.poller.checkpoint.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class H2CheckpointBackupTest extends CheckpointBackupContract {

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
    DataSource database() {
        return pool;
    }
}
