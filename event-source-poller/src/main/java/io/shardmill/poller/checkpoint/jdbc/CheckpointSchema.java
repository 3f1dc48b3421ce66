package io.shardmill.poller.checkpoint.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The store's tables, as {@code schema.sql} beside this class describes them. */
public final class CheckpointSchema {

    /** Tables whose rows belong to a namespace each. */
    static final List<String> NAMESPACED = List.of("shardmill_mapping", "shardmill_checkpoint", "shardmill_lane");

    private static final Pattern TABLE =
            Pattern.compile("create table if not exists (\\w+) \\((.*?)\n\\);", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("^ +(?!primary key)(\\w+)", Pattern.MULTILINE);

    private CheckpointSchema() {}

    /**
     * Creates the tables that are missing; those that are there stay as they are.
     *
     * @throws DataAccessException if the database can't be reached or refuses
     */
    public static void create(DataSource dataSource) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        int tables = columns().size();
        for (int tries = 1; ; tries++) {
            try {
                jdbc.execute(sql());
                return;
            } catch (DataAccessException perhapsCreatedMeanwhile) {
                // PostgreSQL lets all but one of the replicas fail that create a table at the same time, "if not
                // exists" or not
                if (tries > tables) {
                    throw perhapsCreatedMeanwhile;
                }
            }
        }
    }

    /**
     * Verifies that all tables and columns are there.
     *
     * @throws BadSqlGrammarException if one is missing; the message of its cause names it
     * @throws DataAccessException if the database can't be reached
     */
    public static void verify(DataSource dataSource) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        columns()
                .forEach((table, columns) ->
                        jdbc.queryForList("select " + String.join(", ", columns) + " from " + table + " where 1 = 0"));
    }

    /** Returns each table's columns as {@code schema.sql} has them. */
    private static Map<String, List<String>> columns() {
        return TABLE.matcher(sql())
                .results()
                .collect(Collectors.toMap(
                        table -> table.group(1),
                        table -> COLUMN.matcher(table.group(2))
                                .results()
                                .map(column -> column.group(1))
                                .toList()));
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
