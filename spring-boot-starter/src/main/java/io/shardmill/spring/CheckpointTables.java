package io.shardmill.spring;

import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import java.util.Locale;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/** Creates the checkpoints' tables where it is to, and verifies that all tables and columns are there. */
final class CheckpointTables {

    private static final String SQL = "classpath:io/shardmill/poller/checkpoint/jdbc/schema.sql";
    private static final String PROPERTY = "shardmill.jdbc.initialize-schema";

    private final DatabaseInitializationMode mode;

    CheckpointTables(DatabaseInitializationMode mode) {
        this.mode = mode;
    }

    void prepare(CheckpointDatabase database) {
        boolean creates = mode == DatabaseInitializationMode.ALWAYS
                || (mode == DatabaseInitializationMode.EMBEDDED && database.isEmbedded());
        if (creates) {
            CheckpointSchema.create(database.pool());
        }
        try {
            CheckpointSchema.verify(database.pool());
        } catch (BadSqlGrammarException missing) {
            throw new ShardmillConfigurationException(
                    PROPERTY,
                    "'" + mode.name().toLowerCase(Locale.ROOT) + "'"
                            + problem(creates, missing.getMostSpecificCause()));
        } catch (DataAccessException unreachable) {
            // Not reachable now: the mappings say so and wait for it.
        }
    }

    private static String problem(boolean creates, Throwable missing) {
        String found = String.valueOf(missing.getMessage()).lines().findFirst().orElse("");
        return creates
                ? " creates missing tables only, and those of the database differ from " + SQL + " (" + found
                        + "); change them to match it"
                : " creates no tables here, and the database lacks some of " + SQL + " (" + found
                        + "); set it to always, or create the tables with that file";
    }
}
