package io.shardmill.spring;

import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import javax.sql.DataSource;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Creates the checkpoints' tables if it should, else sees to it that they are there. */
final class CheckpointTables {

    private static final String SQL = "classpath:io/shardmill/poller/checkpoint/jdbc/schema.sql";
    private static final String PROPERTY = "shardmill.jdbc.initialize-schema";

    private final DatabaseInitializationMode mode;

    CheckpointTables(DatabaseInitializationMode mode) {
        this.mode = mode;
    }

    void prepare(CheckpointDatabase database) {
        if (mode == DatabaseInitializationMode.ALWAYS
                || (mode == DatabaseInitializationMode.EMBEDDED && database.isEmbedded())) {
            CheckpointSchema.create(database.pool());
        } else {
            check(database.pool());
        }
    }

    private void check(DataSource dataSource) {
        try {
            new JdbcTemplate(dataSource).queryForList("select shard from shardmill_checkpoint where 1 = 0");
            new JdbcTemplate(dataSource).queryForList("select mapping from shardmill_mapping where 1 = 0");
            new JdbcTemplate(dataSource).queryForList("select id from shardmill_store where 1 = 0");
        } catch (BadSqlGrammarException missing) {
            throw new ShardmillConfigurationException(
                    PROPERTY,
                    mode
                            + " creates no tables here, and the database lacks shardmill_checkpoint, shardmill_mapping or shardmill_store: set it to"
                            + " always, or create the tables with " + SQL);
        } catch (DataAccessException unreachable) {
            // Not reachable now: the mappings say so and wait for it.
        }
    }
}
