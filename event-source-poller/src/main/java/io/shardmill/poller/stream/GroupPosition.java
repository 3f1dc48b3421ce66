package io.shardmill.poller.stream;

/**
 * Where a {@linkplain ShardGroup group} says that a shard begins.
 *
 * @param origin who has set it
 * @param ahead which later records are finished, as {@link ShardReader#finished} was given it; empty if none
 */
public record GroupPosition(Origin origin, Position position, String ahead) {

    /** Who has set a position. */
    public enum Origin {
        /** A process with the same checkpoint rows: a row that was ever owned, or that a replay has set, knows as much or more. */
        SAME_ROWS,
        /** An operator, another program, or a process with other checkpoint rows: whatever this mapping's rows say is outdated. */
        ELSEWHERE
    }

    /** Returns whether it wins over a row with this epoch. */
    public boolean winsOver(long epoch) {
        return origin == Origin.ELSEWHERE || epoch == 0;
    }
}
