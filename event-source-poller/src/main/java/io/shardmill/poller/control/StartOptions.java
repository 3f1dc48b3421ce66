package io.shardmill.poller.control;

import org.jspecify.annotations.Nullable;

/**
 * Says how a mapping of the application starts.
 *
 * @param replay where to deliver from again; null resumes at the mapping's checkpoints or, without any, at its starting
 *     position
 * @param adopted the name that the mapping had before: as long as it has no checkpoints on its stream, it resumes at those
 *     of that name. Null if it has always had its name.
 * @param configuredAt the place in the configuration, for messages: the mapping can be changed or deleted only there. Null if
 *     the application's code starts it, which may also {@link Mappings#update} it until the application ends.
 */
public record StartOptions(
        @Nullable Replay replay,
        @Nullable String adopted,
        @Nullable String configuredAt) {

    /** Resumes at the mapping's checkpoints or, without any, at its starting position. */
    public static final StartOptions FROM_CHECKPOINTS = new StartOptions(null, null, null);

    public StartOptions(@Nullable Replay replay, @Nullable String adopted) {
        this(replay, adopted, null);
    }

    public static StartOptions replaying(@Nullable Replay replay) {
        return new StartOptions(replay, null, null);
    }
}
