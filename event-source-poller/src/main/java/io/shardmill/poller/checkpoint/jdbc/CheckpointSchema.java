package io.shardmill.poller.checkpoint.jdbc;

import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The store's tables. */
public final class CheckpointSchema {

    /** The SQL, for those who create tables with a tool of their own. */
    public static final Resource SQL = new ClassPathResource("schema.sql", CheckpointSchema.class);

    /**
     * PostgreSQL lets all but one of the replicas fail that create a table at the same time, "if not exists"
     * or not; that can happen once for each table.
     */
    private static final int TABLES = 2;

    private CheckpointSchema() {}

    /**
     * Creates the tables that are missing; those that are there stay as they are.
     *
     * @throws DataAccessException if the database can't be reached or refuses
     */
    public static void create(DataSource dataSource) {
        ResourceDatabasePopulator script = new ResourceDatabasePopulator(SQL);
        for (int tries = 1; ; tries++) {
            try {
                DatabasePopulatorUtils.execute(script, dataSource);
                return;
            } catch (DataAccessException perhapsCreatedMeanwhile) {
                if (tries > TABLES) {
                    throw perhapsCreatedMeanwhile;
                }
            }
        }
    }
}
