package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.ShardEnd;
import io.shardmill.poller.stream.StreamDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a mapping as it is to be while nobody changes it: starts its shards, or lets it rest. Touched only inside the
 * mapping's turns.
 */
final class MappingWork {

    private static final Logger LOG = LoggerFactory.getLogger(MappingWork.class);
    static final long RETRY_MILLIS = 1_000;
    private static final long LISTING_MILLIS = 60_000;

    private final MappingState state;
    private final MappingLinks links;
    private final RunningShards shards;
    private final NextLook nextLook;
    private @Nullable String problem;
    private @Nullable Replay replayFirst;

    MappingWork(MappingState state, MappingLinks links, RunningShards shards, NextLook nextLook) {
        this.state = state;
        this.links = links;
        this.shards = shards;
        this.nextLook = nextLook;
    }

    void replayFirst(@Nullable Replay replay) {
        replayFirst = replay;
    }

    /** Why it can't do all it should, or null. */
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * Starts what may start. Harmless at any time; tries again by itself when something is not reachable.
     *
     * @return whether all runs that may run
     */
    boolean look() {
        try {
            if (state.applied().enabled()) {
                run();
                return true;
            }
            rest();
            return false;
        } catch (RuntimeException failure) {
            return waits(failure);
        }
    }

    /**
     * Carries out a replay while nothing runs.
     *
     * @return false if something is not reachable; then it is to be tried again
     * @throws IllegalArgumentException if the stream has no such position any more: the replay is over
     */
    boolean carryOut(StoredReplay replay) {
        RunningShards.ReplayResult result;
        try {
            MappingPorts ports = links.to(state.mapping());
            StreamDescription listing = ports.source().describe();
            links.available();
            result = shards.carryOut(replay, state.mapping(), ports, listing);
        } catch (RuntimeException failure) {
            return waits(failure);
        }
        if (result.impossible() != null) {
            throw result.impossible();
        }
        return true;
    }

    private void run() {
        MappingPorts ports = links.to(state.mapping());
        StreamDescription listing = ports.source().describe();
        links.available();
        if (replayFirst != null) {
            replayFirst(replayFirst, ports, listing);
            replayFirst = null;
        }
        shards.start(state.mapping(), ports, listing);
        state.passTo(State.ENABLED);
        if (problem != null && shards.areAllHere()) {
            LOG.info("Mapping '{}' works again", state.name());
            problem = null;
        }
        nextLook.after(LISTING_MILLIS);
    }

    /** One that was asked for with the start, perhaps of all mappings: where this stream has no such place, it goes on. */
    private void replayFirst(Replay replay, MappingPorts ports, StreamDescription listing) {
        try {
            shards.replay(replay, state.mapping(), ports, listing);
        } catch (IllegalArgumentException noSuchPlace) {
            LOG.warn(
                    "Mapping '{}' is not replayed and goes on from its checkpoints: {}",
                    state.name(),
                    noSuchPlace.getMessage());
        }
    }

    /** Disabled; but where it will begin is decided when it first sees the stream. */
    private void rest() {
        state.passTo(State.DISABLED);
        problem = null;
        if (!shards.isPrepared()) {
            MappingPorts ports = links.to(state.mapping());
            shards.prepare(state.mapping(), ports, ports.source().describe());
        }
        nextLook.after(LISTING_MILLIS);
    }

    /** Says why it can't do what it should, and looks again; always false. */
    boolean waits(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!state.applied().enabled()) {
            LOG.debug("Mapping '{}' is paused and can't look at its stream", state.name(), failure);
        } else if (!message.equals(problem)) {
            LOG.warn(
                    "Mapping '{}' can't start all its shards and tries again every {} ms: {}",
                    state.name(),
                    RETRY_MILLIS,
                    message);
            LOG.debug("Because of", failure);
            problem = message;
        }
        links.unavailable(failure);
        nextLook.after(RETRY_MILLIS);
        return false;
    }

    /** A shard's consumer is over; what follows from it is for the next look. */
    void isOver(String shard, ShardEnd end) {
        if (end == ShardEnd.LOST) {
            problem = "shard " + shard + " was taken over by another process";
        }
    }
}
