package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.checkpoint.ShardState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Makes rows of a result; a row that can't be read is an error that names it. */
final class RowReader implements RowMapper<CheckpointRow> {

    private final MappingKey key;

    RowReader(MappingKey key) {
        this.key = key;
    }

    @Override
    public CheckpointRow mapRow(ResultSet columns, int rowNumber) throws SQLException {
        CheckpointRow row = parse(columns);
        requireWhole(columns, key);
        return row;
    }

    /** Returns the key in a row that has its columns but perhaps the namespace. */
    static MappingKey key(ResultSet columns, String namespace) throws SQLException {
        return new MappingKey(
                namespace, columns.getString("mapping"), columns.getString("stream"), columns.getString("incarnation"));
    }

    /** @throws DamagedCheckpointsException if the row does not match its checksums */
    static void requireWhole(ResultSet columns, MappingKey key) throws SQLException {
        String row = "table shardmill_checkpoint, shard " + columns.getString("shard") + " of " + key;
        RowChecksum.START.require(columns, row);
        RowChecksum.PROGRESS.require(columns, row);
        RowChecksum.WINDOW.require(columns, row);
    }

    private CheckpointRow parse(ResultSet columns) throws SQLException {
        String shard = columns.getString("shard");
        return new CheckpointRow(
                shard,
                read(columns, shard, "state", ShardState::valueOf),
                read(columns, shard, "start_position", ProgressText::position),
                new Progress(
                        watermark(columns, shard),
                        read(columns, shard, "ahead", ProgressText::facts),
                        read(columns, shard, "heads", ProgressText::heads),
                        window(columns, shard)),
                read(columns, shard, "parents", ProgressText::shards),
                columns.getLong("epoch"));
    }

    private @Nullable SequenceNumber watermark(ResultSet columns, String shard) throws SQLException {
        return columns.getString("watermark") == null ? null : read(columns, shard, "watermark", SequenceNumber::parse);
    }

    private @Nullable OpenWindow window(ResultSet columns, String shard) throws SQLException {
        String state = columns.getString("window_state");
        return columns.getString("open_window") == null
                ? null
                : read(
                        columns,
                        shard,
                        "open_window",
                        text -> ProgressText.window(text, state == null ? OpenWindow.NO_STATE : state));
    }

    private <T> T read(ResultSet columns, String shard, String column, Function<String, T> parse) throws SQLException {
        try {
            return parse.apply(columns.getString(column));
        } catch (IllegalArgumentException e) {
            throw new DamagedCheckpointsException(
                    "table shardmill_checkpoint, shard " + shard + " of " + key + ", column " + column + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
