package io.shardmill.poller.checkpoint.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of one of the store's tables.
 *
 * @param columns by lower-case name; values are strings, longs, booleans and nulls, times are text as in ISO 8601
 */
public record TableRow(String table, Map<String, @Nullable Object> columns) {

    public TableRow {
        columns = new LinkedHashMap<>(columns);
    }

    /** Null if the row has no such column, or no value in it. */
    public @Nullable String text(String column) {
        Object value = columns.get(column);
        return value == null ? null : value.toString();
    }
}
