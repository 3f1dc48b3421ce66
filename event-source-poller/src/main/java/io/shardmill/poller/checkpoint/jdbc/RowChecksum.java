package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/**
 * A CRC-32C that a row carries over its own values: H2 does not check what its pages hold. A row of
 * {@code shardmill_checkpoint} has three, one for each set of columns that is written together, so that no write has to
 * read what it leaves alone.
 *
 * @param column where it is stored
 * @param covered the columns it is computed over, in this order
 */
record RowChecksum(String column, List<String> covered) {

    private static final List<String> SHARD = List.of("namespace", "mapping", "stream", "incarnation", "shard");

    static final RowChecksum START = new RowChecksum("start_checksum", with(SHARD, "start_position", "parents"));
    static final RowChecksum PROGRESS = new RowChecksum(
            "checksum", with(SHARD, "owner", "epoch", "state", "watermark", "ahead", "heads", "open_window"));
    static final RowChecksum WINDOW = new RowChecksum("window_checksum", with(SHARD, "window_state"));
    static final RowChecksum LANE = new RowChecksum("checksum", with(SHARD, "lane", "through"));
    static final RowChecksum MAPPING = new RowChecksum(
            "checksum",
            List.of(
                    "namespace",
                    "mapping",
                    "version",
                    "definition",
                    "enabled",
                    "deleted",
                    "replay",
                    "replay_from",
                    "replay_applied",
                    "last_modified"));
    static final RowChecksum STORE = new RowChecksum("checksum", List.of("id", "generation", "digest"));

    private static List<String> with(List<String> key, String... columns) {
        return Stream.concat(key.stream(), Stream.of(columns)).toList();
    }

    /** Adds the checksum of the parameters, which are named like the columns, to them. */
    MapSqlParameterSource addTo(MapSqlParameterSource parameters) {
        CRC32C crc = new CRC32C();
        for (String name : covered) {
            update(crc, text(parameters.getValue(name)));
        }
        return parameters.addValue(column, crc.getValue());
    }

    /**
     * Compares the row's checksum with its values.
     *
     * @param row names the row in the error
     * @return the checksum
     * @throws DamagedCheckpointsException if they differ
     */
    long require(ResultSet columns, String row) throws SQLException {
        CRC32C crc = new CRC32C();
        for (String name : covered) {
            update(crc, text(columns, name));
        }
        if (crc.getValue() != columns.getLong(column)) {
            throw new DamagedCheckpointsException(row + ": its values do not match its column " + column
                    + ", so the database is damaged or the row was edited");
        }
        return crc.getValue();
    }

    /** The length comes first, so that no two lists of values look the same; null differs from the empty text. */
    private static void update(CRC32C crc, @Nullable String value) {
        byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
        crc.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(value == null ? -1 : bytes.length)
                .flip());
        crc.update(bytes);
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof OffsetDateTime time) {
            return time.toInstant().toString();
        }
        return value == null ? null : value.toString();
    }

    private static @Nullable String text(ResultSet columns, String name) throws SQLException {
        Object value = switch (columns.getMetaData().getColumnType(columns.findColumn(name))) {
            case Types.BOOLEAN, Types.BIT -> columns.getBoolean(name);
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> columns.getObject(name, OffsetDateTime.class);
            default -> columns.getString(name);
        };
        return text(value);
    }
}
