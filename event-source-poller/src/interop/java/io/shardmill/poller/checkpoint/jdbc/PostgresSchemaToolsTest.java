package io.shardmill.poller.checkpoint.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;

class PostgresSchemaToolsTest extends SchemaToolsContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Override
    DataSource emptyDatabase() {
        new JdbcTemplate(POSTGRES.dataSource()).execute("drop schema public cascade; create schema public");
        return POSTGRES.dataSource();
    }
}
