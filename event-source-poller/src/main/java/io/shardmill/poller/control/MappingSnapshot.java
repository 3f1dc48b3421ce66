package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.control.MappingStatus.ShardHolding;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.internal.reconcile.Phase;
import io.shardmill.poller.internal.shard.ShardConsumer;
import io.shardmill.poller.monitoring.WindowStatus;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.Predecessor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as its last pass left it. Immutable: who asks about a mapping reads this, and waits neither for the store nor for
 * the mapping's turn.
 *
 * @param time when the pass was over
 * @param applied what the mapping runs with, or will when it can
 * @param isClosing this process stops
 * @param shards those that the store has rows of, as they were read last
 * @param predecessor the stream that is read in place of the mapping's own until its end, or null
 * @param group in which processes share the stream by its own protocol, or null
 * @param consumers of the shards that are consumed here
 */
record MappingSnapshot(
        Instant time,
        DesiredState applied,
        Phase phase,
        boolean isClosing,
        List<ShardRow> shards,
        @Nullable Predecessor predecessor,
        @Nullable String group,
        Consumers consumers) {

    /**
     * A row without what may be large of it.
     *
     * @param window the open tumbling window, or null
     */
    record ShardRow(
            String shard,
            ShardState state,
            Position position,
            List<String> parents,
            @Nullable WindowStatus window) {

        static ShardRow of(CheckpointRow row) {
            return new ShardRow(
                    row.shard(),
                    row.state(),
                    row.position(),
                    row.parents(),
                    WindowStatus.of(row.progress().window()));
        }
    }

    /**
     * @param holdings since when they are there
     * @param elsewhere the owners of shards that other processes consume
     * @param assignedElsewhere shards that the stream's own group has assigned to other processes
     */
    record Consumers(
            Map<String, ShardConsumer> byShard,
            Map<String, ShardHolding> holdings,
            Map<String, String> elsewhere,
            Set<String> assignedElsewhere) {

        static Consumers none() {
            return new Consumers(Map.of(), Map.of(), Map.of(), Set.of());
        }
    }

    /** Returns why the mapping can't do all it should, or null. */
    @Nullable
    String problem() {
        if (!applied.enabled()) {
            return null;
        }
        return phase instanceof Phase.Waiting waiting ? waiting.reason() : null;
    }

    /** Returns the state to show for what was accepted last. */
    State state(DesiredState accepted) {
        if (accepted.deleted()) {
            return State.DELETING;
        }
        if (isClosing) {
            return State.STOPPED;
        }
        boolean isSettled = accepted.version() == applied.version() && !accepted.isReplayPending();
        return isSettled || settledState() == State.CREATING ? settledState() : transitionTo(accepted);
    }

    private State settledState() {
        Phase settled = phase.settled();
        if (settled instanceof Phase.Starting starting) {
            return starting.isNew() ? State.CREATING : State.ENABLING;
        }
        return settled instanceof Phase.Paused ? State.DISABLED : State.ENABLED;
    }

    /** Returns the state that a mapping passes through on its way to what was accepted. */
    State transitionTo(DesiredState accepted) {
        if (accepted.deleted()) {
            return State.DELETING;
        }
        if (accepted.enabled() == applied.enabled()) {
            return State.UPDATING;
        }
        return accepted.enabled() ? State.ENABLING : State.DISABLING;
    }
}
