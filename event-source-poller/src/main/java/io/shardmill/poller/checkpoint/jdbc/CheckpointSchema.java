package io.shardmill.poller.checkpoint.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The store's tables, as {@code schema.sql} beside this class describes them. */
public final class CheckpointSchema {

    /**
     * PostgreSQL lets all but one of the replicas fail that create a table at the same time, "if not exists"
     * or not; that can happen once for each table.
     */
    private static final int TABLES = 3;

    private CheckpointSchema() {}

    /**
     * Creates the tables that are missing; those that are there stay as they are.
     *
     * @throws DataAccessException if the database can't be reached or refuses
     */
    public static void create(DataSource dataSource) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        for (int tries = 1; ; tries++) {
            try {
                jdbc.execute(sql());
                return;
            } catch (DataAccessException perhapsCreatedMeanwhile) {
                if (tries > TABLES) {
                    throw perhapsCreatedMeanwhile;
                }
            }
        }
    }

    private static String sql() {
        try (InputStream script =
                Objects.requireNonNull(CheckpointSchema.class.getResourceAsStream("schema.sql"), "schema.sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
