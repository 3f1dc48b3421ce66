package io.shardmill.poller.checkpoint;

import io.shardmill.poller.stream.Position;
import java.util.List;

/**
 * One shard of one mapping.
 *
 * @param start where the shard is begun while there is no watermark
 * @param parents kept because the stream forgets its lineage
 * @param epoch grows each time the shard is taken over; 0 if it never was
 */
public record CheckpointRow(
        String shard, ShardState state, Position start, Progress progress, List<String> parents, long epoch) {

    public CheckpointRow {
        parents = List.copyOf(parents);
    }

    /** A row for a shard nobody has read yet. */
    public static CheckpointRow begin(String shard, ShardState state, Position start, List<String> parents) {
        return new CheckpointRow(shard, state, start, Progress.NONE, parents, 0);
    }

    /** The position to read on from. */
    public Position position() {
        return progress.watermark() == null ? start : Position.after(progress.watermark());
    }
}
