package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.ShardStatus;
import io.shardmill.poller.shard.WindowStatus;
import io.shardmill.poller.stream.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as it stands, for people.
 *
 * @param problem why it can't do all it should, or null
 */
public record MappingStatus(
        EventSourceMapping mapping, State state, @Nullable String problem, List<ShardProgress> shards) {

    /** Lambda's states of a mapping, as far as they last. */
    public enum State {
        /** Its stream, or the checkpoint store, can't be reached yet. */
        CREATING,
        ENABLED,
        DISABLING,
        DISABLED,
        UPDATING,
        /** The application stops. */
        STOPPED
    }

    /** What the mapping does with a shard. */
    public enum ShardActivity {
        CONSUMING,
        WAITING_FOR_PARENTS,
        NOT_RUNNING,
        ENDED,
        SKIPPED
    }

    /**
     * One shard.
     *
     * @param position where reading goes on after a restart
     * @param window its open tumbling window, or null
     * @param consumer what it is doing, or null if it is not consumed now
     */
    public record ShardProgress(
            String shard,
            ShardActivity activity,
            Position position,
            @Nullable WindowStatus window,
            @Nullable ShardStatus consumer) {}
}
