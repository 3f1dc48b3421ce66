package io.shardmill.poller.checkpoint;

import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One shard of one mapping.
 *
 * @param start where the shard is begun while there is no watermark
 * @param parents kept because the stream forgets its lineage
 * @param epoch grows each time the shard is taken over or its row replaced; 0 if neither ever was. See {@link #underEpochAfter}
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

    /**
     * Returns the row under a larger epoch than this one: the clock's microseconds since 1970, or one more if that is no
     * larger. So an epoch that was given before is not given again, even if the row that held it is lost, unless the clock
     * was set back.
     */
    public CheckpointRow underEpochAfter(long epoch, Instant now) {
        long next = Math.max(epoch + 1, ChronoUnit.MICROS.between(Instant.EPOCH, now));
        return new CheckpointRow(shard, state, start, progress, parents, next);
    }

    /** Returns the row with facts that were saved by themselves. */
    public CheckpointRow with(List<LaneFact> facts) {
        return new CheckpointRow(shard, state, start, progress.with(facts), parents, epoch);
    }

    /** The position to read on from. */
    public Position position() {
        return progress.watermark() == null ? start : Position.after(progress.watermark());
    }
}
