package io.shardmill.poller.control;

import org.jspecify.annotations.Nullable;

/**
 * How a mapping of the application begins.
 *
 * @param replay deliver again from there, or null: go on from its own checkpoints; without any, at its starting position
 * @param adopted the name this mapping had before: if it has no checkpoints on its stream yet, it goes on
 *     from those of that name. Null if it has always been called so.
 * @param configuredAt where it is configured, for people: it can't be changed or deleted anywhere else. Null if the
 *     application's code starts it, which may also {@link Mappings#update} it, until the application ends.
 */
public record StartOptions(
        @Nullable Replay replay,
        @Nullable String adopted,
        @Nullable String configuredAt) {

    /** From its own checkpoints; without any, at its starting position. */
    public static final StartOptions FROM_CHECKPOINTS = new StartOptions(null, null, null);

    public StartOptions(@Nullable Replay replay, @Nullable String adopted) {
        this(replay, adopted, null);
    }

    public static StartOptions replaying(@Nullable Replay replay) {
        return new StartOptions(replay, null, null);
    }
}
