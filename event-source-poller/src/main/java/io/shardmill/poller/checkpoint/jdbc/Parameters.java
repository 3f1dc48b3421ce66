package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.checkpoint.ShardState;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** The values of the SQL's parameters, which are named like the columns, and the conditions that name a row by them. */
final class Parameters {

    static final String OF_MAPPING =
            " where namespace = :namespace and mapping = :mapping and stream = :stream and incarnation = :incarnation";
    static final String OF_SHARD = OF_MAPPING + " and shard = :shard";
    static final String OF_LANE = OF_SHARD + " and lane = :lane";

    /** Follows {@link #OF_SHARD}. */
    static final String OF_OWNER = " and owner = :owner and epoch = :epoch";

    private Parameters() {}

    static MapSqlParameterSource of(String namespace, String mapping) {
        return new MapSqlParameterSource("namespace", namespace).addValue("mapping", mapping);
    }

    static MapSqlParameterSource of(MappingKey key) {
        return of(key.namespace(), key.mapping())
                .addValue("stream", key.stream())
                .addValue("incarnation", key.incarnation());
    }

    static MapSqlParameterSource of(MappingKey key, String shard) {
        return of(key).addValue("shard", shard);
    }

    /** @param owner null if nobody has the shard */
    static SqlParameterSource of(MappingKey key, CheckpointRow row, @Nullable String owner) {
        MapSqlParameterSource parameters = of(key, row.shard(), row.state(), row.progress())
                .addValue("owner", owner)
                .addValue("epoch", row.epoch())
                .addValue("window_state", row.progress().windowState())
                .addValue("start_position", ProgressText.ofPosition(row.start()))
                .addValue("parents", ProgressText.ofShards(row.parents()));
        return RowChecksum.START.addTo(RowChecksum.WINDOW.addTo(RowChecksum.PROGRESS.addTo(parameters)));
    }

    static SqlParameterSource of(CheckpointUpdate update) {
        return RowChecksum.PROGRESS.addTo(of(update.key(), update.shard(), update.state(), update.progress())
                .addValue("owner", update.owner())
                .addValue("epoch", update.epoch())
                .addValue("kept_window", keptWindow(update)));
    }

    /** Returns the checksum of the window's state that the update leaves as it is in the row; null if there is none. */
    private static @Nullable Object keptWindow(CheckpointUpdate update) {
        return update.windowStateChanged() || update.progress().windowState() == null
                ? null
                : RowChecksum.WINDOW
                        .addTo(of(update.key(), update.shard())
                                .addValue("window_state", update.progress().windowState()))
                        .getValue(RowChecksum.WINDOW.column());
    }

    static SqlParameterSource ofWindowState(CheckpointUpdate update) {
        return RowChecksum.WINDOW.addTo(of(update.key(), update.shard())
                .addValue("owner", update.owner())
                .addValue("epoch", update.epoch())
                .addValue("window_state", update.progress().windowState()));
    }

    private static MapSqlParameterSource of(MappingKey key, String shard, ShardState state, Progress progress) {
        return of(key, shard)
                .addValue("state", state.name())
                .addValue(
                        "watermark",
                        progress.watermark() == null
                                ? null
                                : progress.watermark().toString())
                .addValue("ahead", ProgressText.ofFacts(progress.ahead()))
                .addValue("heads", ProgressText.ofHeads(progress.heads()))
                .addValue("open_window", progress.window() == null ? null : ProgressText.ofWindow(progress.window()));
    }
}
