package io.shardmill.benchmarks;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;

/** Durable checkpoints in an H2 file. */
final class Checkpoints implements AutoCloseable {

    private final JdbcConnectionPool database;
    private final CheckpointStore store;

    Checkpoints(Path folder) {
        database = JdbcConnectionPool.create(
                "jdbc:h2:retry:" + folder.resolve("checkpoints") + ";DB_CLOSE_ON_EXIT=FALSE", "sa", "");
        CheckpointSchema.create(database);
        store = new JdbcCheckpointStore(database);
    }

    CheckpointStore store() {
        return store;
    }

    @Override
    public void close() {
        database.dispose();
    }
}
