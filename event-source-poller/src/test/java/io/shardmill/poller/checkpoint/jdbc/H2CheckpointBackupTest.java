package io.shardmill.poller.checkpoint.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2CheckpointBackupTest extends CheckpointBackupContract {

    @RegisterExtension
    private final H2FileDatabase database = new H2FileDatabase();

    @Override
    DataSource database() {
        return database.pool();
    }
}
