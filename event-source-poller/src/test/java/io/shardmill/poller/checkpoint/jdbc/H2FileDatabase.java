package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The tables of checkpoints in an H2 file, new for each test. */
final class H2FileDatabase implements BeforeEachCallback, AfterEachCallback {

    private Path folder;
    private JdbcConnectionPool pool;

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        folder = Files.createTempDirectory("h2");
        pool = H2Files.open(folder.resolve("checkpoints"));
        CheckpointSchema.create(pool);
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        pool.dispose();
        Folders.delete(folder);
    }

    JdbcConnectionPool pool() {
        return pool;
    }
}
