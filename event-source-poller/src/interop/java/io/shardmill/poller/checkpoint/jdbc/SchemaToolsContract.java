package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Flyway and Liquibase make the tables of {@code schema.sql}, beside an application's own, and leave those that are there. */
abstract class SchemaToolsContract {

    private static final String COLUMNS = "select lower(table_name), ordinal_position, lower(column_name), data_type,"
            + " character_maximum_length, is_nullable from information_schema.columns"
            + " where lower(table_name) like 'shardmill%' order by 1, 2";
    private static final String PRIMARY_KEYS = "select lower(table_name), ordinal_position, lower(column_name)"
            + " from information_schema.key_column_usage where lower(table_name) like 'shardmill%' order by 1, 2";

    /** Returns a database without tables. */
    abstract DataSource emptyDatabase();

    private static List<List<Map<String, Object>>> tables(DataSource database) {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        return List.of(jdbc.queryForList(COLUMNS), jdbc.queryForList(PRIMARY_KEYS));
    }

    private List<List<Map<String, Object>>> tablesOfTheSchema() {
        DataSource database = emptyDatabase();
        CheckpointSchema.create(database);
        List<List<Map<String, Object>>> tables = tables(database);
        assertThat(tables).noneMatch(List::isEmpty);
        return tables;
    }

    private static FluentConfiguration flyway(DataSource database) {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:application-migrations", "classpath:io/shardmill/flyway");
    }

    private static void liquibase(DataSource dataSource) throws LiquibaseException, SQLException {
        Database database = DatabaseFactory.getInstance()
                .findCorrectDatabaseImplementation(new JdbcConnection(dataSource.getConnection()));
        try (Liquibase liquibase =
                new Liquibase("application-migrations/changelog.xml", new ClassLoaderResourceAccessor(), database)) {
            liquibase.update(); // and close, the connection too
        }
    }

    private static DataSource usedBefore(DataSource database) {
        CheckpointSchema.create(database);
        new JdbcTemplate(database)
                .update("insert into shardmill_store (name, id, generation, checksum)"
                        + " values ('checkpoints', 'a', 1, 2)");
        return database;
    }

    private static void requireUsed(DataSource database) {
        assertThat(new JdbcTemplate(database).queryForList("select id from shardmill_store", String.class))
                .containsExactly("a");
    }

    @Test
    void flyway_makes_the_tables_of_the_schema() {
        List<List<Map<String, Object>>> expected = tablesOfTheSchema();
        DataSource database = emptyDatabase();
        assertThatThrownBy(() -> CheckpointSchema.verify(database)).isInstanceOf(BadSqlGrammarException.class);

        assertThat(flyway(database).load().migrate().migrationsExecuted).isEqualTo(2);

        CheckpointSchema.verify(database);
        assertThat(tables(database)).isEqualTo(expected);
        assertThat(flyway(database).load().migrate().migrationsExecuted).isZero();
    }

    @Test
    void flyway_takes_over_tables_that_shardmill_has_made() {
        DataSource database = usedBefore(emptyDatabase());
        List<List<Map<String, Object>>> before = tables(database);

        flyway(database).baselineOnMigrate(true).baselineVersion("0").load().migrate();

        assertThat(tables(database)).isEqualTo(before);
        requireUsed(database);
    }

    @Test
    void liquibase_makes_the_tables_of_the_schema() throws LiquibaseException, SQLException {
        List<List<Map<String, Object>>> expected = tablesOfTheSchema();
        DataSource database = emptyDatabase();

        liquibase(database);

        CheckpointSchema.verify(database);
        assertThat(tables(database)).isEqualTo(expected);
        List<Map<String, Object>> history = new JdbcTemplate(database).queryForList("select * from databasechangelog");
        assertThat(history).hasSize(2);
        liquibase(database);
        assertThat(new JdbcTemplate(database).queryForList("select * from databasechangelog"))
                .isEqualTo(history);
    }

    @Test
    void liquibase_takes_over_tables_that_shardmill_has_made() throws LiquibaseException, SQLException {
        DataSource database = usedBefore(emptyDatabase());
        List<List<Map<String, Object>>> before = tables(database);

        liquibase(database);

        assertThat(tables(database)).isEqualTo(before);
        requireUsed(database);
    }
}
