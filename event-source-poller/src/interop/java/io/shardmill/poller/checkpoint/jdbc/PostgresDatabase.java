package io.shardmill.poller.checkpoint.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A PostgreSQL server for the tests of a class, with Shardmill's tables empty before each. */
final class PostgresDatabase implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    private EmbeddedPostgres server;
    private HikariDataSource pool;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        server = EmbeddedPostgres.start();
        pool = new HikariDataSource();
        pool.setDataSource(server.getPostgresDatabase());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        dropTables();
        CheckpointSchema.create(pool);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        pool.close();
        server.close();
    }

    DataSource dataSource() {
        return pool;
    }

    void dropTables() {
        new JdbcTemplate(pool).execute("drop table if exists shardmill_checkpoint, shardmill_mapping, shardmill_store,"
                        + " shardmill_member, shardmill_member_mapping, shardmill_lane");
    }
}
