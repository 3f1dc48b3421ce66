package io.shardmill.poller.checkpoint.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresCheckpointBackupTest extends CheckpointBackupContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Override
    DataSource database() {
        return POSTGRES.dataSource();
    }
}
