package io.shardmill.poller.assignment;

import org.jspecify.annotations.Nullable;

/**
 * How this process comes to a shard.
 *
 * @param from who had it before; null if that is not known, or nobody had it
 */
public record Acquisition(Kind kind, @Nullable String from) {

    /** What has happened to the shard before. */
    public enum Kind {
        /** Nobody has consumed it before. */
        FIRST,
        /** Nobody has it: who had it has stopped, or had it too briefly to be seen, or a replay has replaced its row. */
        RELEASED,
        /** Another process, which lives, has handed it over. */
        HANDED_OVER,
        /** Its owner is dead. */
        TAKEN_OVER,
        /** This process had it before, as after a pause or a change of the mapping. */
        KEPT
    }

    public static Acquisition of(Kind kind) {
        return new Acquisition(kind, null);
    }
}
