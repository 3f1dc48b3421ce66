package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.ShardConsumer;
import io.shardmill.poller.shard.ShardEnd;
import io.shardmill.poller.stream.StreamDescription;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mapping does while nobody changes it: it looks at what it is told to be and at its stream, and lets its
 * shards run, or rests. Touched only inside the mapping's turns.
 */
final class MappingWork {

    private static final Logger LOG = LoggerFactory.getLogger(MappingWork.class);
    static final long RETRY_MILLIS = 1_000;
    private static final long LISTING_MILLIS = 60_000;

    private final MappingFacts facts;
    private final Definition definition;
    private final MappingLinks links;
    private final RunningShards shards;
    private final NextLook nextLook;
    private final Runnable toldOtherwise;
    private @Nullable String problem;
    private @Nullable Replay replayFirst;

    /** @param toldOtherwise called when somebody else has told the mapping to be something else, or deleted it */
    MappingWork(
            MappingFacts facts,
            Definition definition,
            MappingLinks links,
            RunningShards shards,
            NextLook nextLook,
            Runnable toldOtherwise) {
        this.facts = facts;
        this.definition = definition;
        this.links = links;
        this.shards = shards;
        this.nextLook = nextLook;
        this.toldOtherwise = toldOtherwise;
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
            if (!isAsTold()) {
                toldOtherwise.run();
                nextLook.after(RETRY_MILLIS); // in case that comes to nothing
                return false;
            }
            if (facts.isEnabled()) {
                run();
                return true;
            }
            rest();
            return false;
        } catch (RuntimeException failure) {
            waits(failure);
            return false;
        }
    }

    private boolean isAsTold() {
        Optional<Told> now = definition.load(facts.told());
        return now.isPresent() && now.get().equals(facts.told());
    }

    private void run() {
        MappingPorts ports = links.to(facts.mapping());
        StreamDescription listing = ports.source().describe();
        links.available();
        if (replayFirst != null) {
            replayFirst(replayFirst, ports, listing);
            replayFirst = null;
        }
        shards.start(facts.mapping(), ports, listing);
        facts.passTo(State.ENABLED);
        if (problem != null && shards.areAllHere()) {
            LOG.info("Mapping '{}' works again", facts.name());
            problem = null;
        }
        nextLook.after(LISTING_MILLIS);
    }

    /** One that was asked for with the start, perhaps of all mappings: where this stream has no such place, it goes on. */
    private void replayFirst(Replay replay, MappingPorts ports, StreamDescription listing) {
        try {
            shards.replay(replay, facts.mapping(), ports, listing);
        } catch (IllegalArgumentException noSuchPlace) {
            LOG.warn(
                    "Mapping '{}' is not replayed and goes on from its checkpoints: {}",
                    facts.name(),
                    noSuchPlace.getMessage());
        }
    }

    /** Disabled; but where it will begin is decided when it first sees the stream. */
    private void rest() {
        facts.passTo(State.DISABLED);
        problem = null;
        if (!shards.isPrepared()) {
            MappingPorts ports = links.to(facts.mapping());
            shards.prepare(facts.mapping(), ports, ports.source().describe());
        }
        nextLook.after(LISTING_MILLIS);
    }

    private void waits(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!facts.isEnabled()) {
            LOG.debug("Mapping '{}' is paused and can't look at its stream", facts.name(), failure);
        } else if (!message.equals(problem)) {
            LOG.warn(
                    "Mapping '{}' can't start all its shards and tries again every {} ms: {}",
                    facts.name(),
                    RETRY_MILLIS,
                    message);
            LOG.debug("Because of", failure);
            problem = message;
        }
        links.unavailable(failure);
        nextLook.after(RETRY_MILLIS);
    }

    /** A shard's consumer is over; what follows from it is for the next look. */
    void isOver(String shard, ShardEnd end) {
        if (end == ShardEnd.LOST) {
            problem = "shard " + shard + " was taken over by another process";
        }
    }

    void replay(Replay replay) {
        MappingPorts ports = links.to(facts.mapping());
        shards.replay(replay, facts.mapping(), ports, ports.source().describe());
    }

    /** All consumers there should be; null while something hinders the mapping, so that it can't be drained. */
    @Nullable
    Map<String, ShardConsumer> allConsumers() {
        return look() && problem == null ? shards.consumers() : null;
    }
}
