package io.shardmill.poller.control;

import org.jspecify.annotations.Nullable;

/**
 * How a mapping begins, other than from its own checkpoints.
 *
 * @param replay deliver again from there, or null
 * @param adopted the name this mapping had before: if it has no checkpoints on its stream yet, it goes on
 *     from those of that name. Null if it has always been called so.
 */
public record Begin(@Nullable Replay replay, @Nullable String adopted) {

    /** From its own checkpoints; without any, at its starting position. */
    public static final Begin FROM_CHECKPOINTS = new Begin(null, null);

    public static Begin replaying(@Nullable Replay replay) {
        return new Begin(replay, null);
    }
}
