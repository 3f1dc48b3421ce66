package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStoreContract;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class H2MemberStoreTest extends MemberStoreContract {

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
    protected MemberStore store() {
        return new JdbcMemberStore(pool);
    }
}
