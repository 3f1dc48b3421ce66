package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.LastFailure;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.WindowStatus;
import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a mapping, as it was after its last pass, and its shards, as they are.
 *
 * @param asOf when the last pass was over
 * @param problem why the mapping can't do all it should, or null
 * @param storeFailingSince since when the checkpoint store fails or doesn't answer, or null
 * @param lastFailure what failed last since the start of this process, or null
 * @param movingFrom the kind of stream that is read to its end before the mapping's own, or null
 * @param group the consumer group in which processes share the stream by its own protocol, or null
 */
public record MappingStatus(
        MappingConfiguration configuration,
        Instant asOf,
        @Nullable String problem,
        @Nullable Instant storeFailingSince,
        @Nullable LastFailure lastFailure,
        @Nullable String movingFrom,
        @Nullable String group,
        List<ShardProgress> shards) {

    public EventSourceMapping mapping() {
        return configuration.mapping();
    }

    public State state() {
        return configuration.state();
    }

    /** Lambda's states of a mapping, and one more. */
    public enum State {
        /** It is new in this process: its stream, or the checkpoint store, has not been reached yet. */
        CREATING,
        /** It was disabled, and nothing runs yet. */
        ENABLING,
        ENABLED,
        /** It is to be disabled, and invocations still run. */
        DISABLING,
        DISABLED,
        UPDATING,
        DELETING,
        /** The application stops. */
        STOPPED
    }

    /** The mapping's activity on a shard. */
    public enum ShardActivity {
        CONSUMING,
        CONSUMED_ELSEWHERE,
        WAITING_FOR_PARENTS,
        NOT_RUNNING,
        ENDED,
        SKIPPED
    }

    /**
     * Describes one shard.
     *
     * @param position where reading would resume after a restart; outdated of a shard that is consumed elsewhere by who is not known
     * @param window its open tumbling window, or null
     * @param owner the process that consumes it, or null if it is this one or none, or not known
     * @param holding since when this process consumes it, or null if it does not
     * @param consumer what it is doing, or null if it is not consumed now
     */
    public record ShardProgress(
            String shard,
            ShardActivity activity,
            Position position,
            @Nullable WindowStatus window,
            @Nullable String owner,
            @Nullable ShardHolding holding,
            @Nullable ShardStatus consumer) {}

    /**
     * Tells since when this process consumes a shard.
     *
     * @param acquisition how it came to it, or null if there can be no other processes
     */
    public record ShardHolding(Instant since, @Nullable Acquisition acquisition) {}
}
