package io.shardmill.poller.checkpoint.jdbc;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;

/**
 * Columns of whatever table, as values that JSON has, and back.
 *
 * @param types by lower-case column name, those of {@link Types}
 */
record ColumnValues(String table, Map<String, Integer> types) {

    static ColumnValues of(JdbcTemplate jdbc, String table) {
        ResultSetExtractor<Map<String, Integer>> types = result -> types(result.getMetaData());
        return new ColumnValues(
                table, Objects.requireNonNull(jdbc.query("select * from " + table + " where 1 = 0", types)));
    }

    private static Map<String, Integer> types(ResultSetMetaData columns) throws SQLException {
        Map<String, Integer> types = new LinkedHashMap<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            types.put(columns.getColumnLabel(column).toLowerCase(Locale.ROOT), columns.getColumnType(column));
        }
        return types;
    }

    /** The values of the present row. */
    static Map<String, @Nullable Object> read(ResultSet row) throws SQLException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        int index = 1;
        for (Map.Entry<String, Integer> column : types(row.getMetaData()).entrySet()) {
            values.put(column.getKey(), value(row, index, column.getValue()));
            index++;
        }
        return values;
    }

    private static @Nullable Object value(ResultSet row, int column, int type) throws SQLException {
        if (isTime(type)) {
            OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
            return time == null ? null : time.toString();
        }
        Object value = switch (type) {
            case Types.BOOLEAN, Types.BIT -> row.getBoolean(column);
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> row.getLong(column);
            default -> row.getString(column);
        };
        return row.wasNull() ? null : value;
    }

    /** PostgreSQL's driver tells no time zone apart. */
    private static boolean isTime(int type) {
        return type == Types.TIMESTAMP_WITH_TIMEZONE || type == Types.TIMESTAMP;
    }

    void insert(JdbcTemplate jdbc, Map<String, @Nullable Object> values) {
        List<@Nullable Object> arguments = new ArrayList<>();
        values.forEach((column, value) -> {
            Integer type = types.get(column);
            if (type == null) {
                throw new IllegalArgumentException("table " + table + " has no column " + column
                        + "; restore with the version that made the backup, or a newer one");
            }
            arguments.add(value != null && isTime(type) ? OffsetDateTime.parse(value.toString()) : value);
        });
        jdbc.update(
                "insert into " + table + " (" + String.join(", ", values.keySet()) + ") values ("
                        + String.join(
                                ", ",
                                values.keySet().stream().map(column -> "?").toList()) + ")",
                arguments.toArray());
    }
}
