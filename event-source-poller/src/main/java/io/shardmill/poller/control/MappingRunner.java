package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.shard.CheckpointWriter;
import io.shardmill.poller.shard.EnginePorts;
import io.shardmill.poller.shard.ShardConsumer;
import io.shardmill.poller.shard.ShardEnd;
import io.shardmill.poller.shard.ShardTurns;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mapping: accepts changes on the caller's thread, and in its turns brings what runs to what was accepted last,
 * stopping all its shards where it must. Everything mutable is written only inside its turns, which, unlike a shard's, may
 * block on the store or the stream.
 */
final class MappingRunner {

    /** What all runners of a process share. */
    record Shared(
            MappingResources resources,
            CheckpointStore checkpoints,
            MappingStore mappings,
            EngineIdentity identity,
            EnginePorts engine) {

        /** To the millisecond: databases keep no nanoseconds, and what is kept must be the same when it is read again. */
        Instant now() {
            return Instant.ofEpochMilli(engine.clock().millis());
        }

        AcceptedState accepted(Desired first, DefinitionSource source) {
            return new AcceptedState(mappings, identity.namespace(), source, this::now, first);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(MappingRunner.class);

    private final AcceptedState accepted;
    private final MappingState state;
    private final Shared shared;
    private final Runnable removed;
    private final ShardTurns<Runnable> turns;
    private final PendingChanges changes = new PendingChanges();
    private final MappingLinks links;
    private final RunningShards shards;
    private final NextLook nextLook;
    private final MappingWork work;
    private final DrainWatch drains;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean stopping;
    private boolean ended;
    private volatile boolean closing;

    /** @param removed called once when the mapping is deleted, here or by another process */
    MappingRunner(Desired first, DefinitionSource source, Shared shared, Runnable removed) {
        EnginePorts engine = shared.engine();
        this.accepted = shared.accepted(first, source);
        this.state = new MappingState(first);
        this.shared = shared;
        this.removed = removed;
        this.turns = new ShardTurns<>(MappingRunner::turn, engine.pool(), engine.othersWait());
        this.links = new MappingLinks(shared.resources(), () -> turns.post(this::reconcile));
        this.shards = new RunningShards(
                new RunningShards.Stores(shared.checkpoints(), shared.mappings()),
                shared.identity(),
                engine,
                turns::post,
                this::shardIsOver);
        this.nextLook = new NextLook(engine, turns::post, this::reconcile);
        this.work = new MappingWork(state, links, shards, nextLook);
        this.drains = new DrainWatch(
                this::allConsumers,
                turns::post,
                task -> engine.timer().at(engine.clock().millis() + MappingWork.RETRY_MILLIS, () -> turns.post(task)));
    }

    private static List<ShardTurns.Work<Runnable>> turn(List<Runnable> messages) {
        for (Runnable message : messages) {
            try {
                message.run();
            } catch (RuntimeException | Error fault) {
                LOG.error("A fault in the engine; the mapping goes on", fault);
            }
        }
        return List.of();
    }

    // What other threads may call.

    void start(Begin begin) {
        turns.post(() -> {
            work.replayFirst(begin.replay());
            shards.adopt(begin.adopted());
            reconcile();
        });
    }

    MappingConfiguration configuration() {
        Desired last = accepted.last();
        return configuration(last, state.of(last));
    }

    private MappingConfiguration configuration(Desired desired, State shown) {
        return new MappingConfiguration(
                desired.mapping(), accepted.source().origin(), shown, desired.lastModified(), links.lastResult());
    }

    /**
     * Stores a change of what was accepted last; blocks. See {@link AcceptedState#accept}.
     *
     * @throws MappingInUseException if the mapping is being deleted
     * @throws IllegalStateException if it is stopped
     */
    MappingChange change(UnaryOperator<Desired> change) {
        return accept(desired -> {
            if (desired.deleted()) {
                throw new MappingInUseException("Mapping '" + desired.name() + "' is being deleted");
            }
            return change.apply(desired);
        });
    }

    private MappingChange accept(AcceptedState.Change change) {
        if (closing) {
            throw new IllegalStateException("Mapping '" + state.name() + "' is stopped");
        }
        Desired desired = accepted.accept(change);
        MappingConfiguration answer = configuration(desired, state.transitionTo(desired));
        return new MappingChange(answer, carriedOut(desired));
    }

    /** Completes when the mapping runs as was accepted, and fails if it ends before. */
    private CompletableFuture<Void> carriedOut(Desired desired) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        turns.post(() -> {
            changes.add(desired.version(), done);
            reconcile();
        });
        return done;
    }

    /** Completes when all that was accepted before is carried out. */
    CompletableFuture<Void> settled() {
        return carriedOut(accepted.last());
    }

    /** @param change see {@link #change} */
    MappingChange update(UnaryOperator<EventSourceMapping> change, @Nullable Boolean enabled) {
        accepted.source().requireChangeable();
        return change(desired -> {
            EventSourceMapping changed = change.apply(desired.mapping());
            requireSameStream(desired.mapping().stream(), changed.stream());
            shared.resources().check(changed);
            return desired.with(changed).enabled(enabled == null ? desired.enabled() : enabled);
        });
    }

    private void requireSameStream(String stream, String other) {
        if (!other.equals(stream)) {
            throw new InvalidMappingException(
                    "stream",
                    "'" + other + "'",
                    "can't replace '" + stream + "' in mapping '" + state.name()
                            + "': make a mapping of another name for it");
        }
    }

    /** @throws IllegalArgumentException if the stream has no such position */
    MappingChange replay(Replay replay) {
        replay.requirePossible(shared.now());
        if (replay instanceof Replay.FromSequenceNumber from) {
            StartRows.requireHolder(
                    from, shared.resources().find(accepted.last().mapping()).source());
        }
        return change(desired -> desired.replaying(replay));
    }

    /** Stops for good, and is removed with its rows; harmless if it is being deleted already. */
    MappingChange delete() {
        accepted.source().requireDeletable();
        return accept(desired -> desired.deleted() ? null : desired.toBeDeleted());
    }

    /** Stops for good; its checkpoints stay, and what is accepted and not carried out is for the next start. */
    CompletableFuture<Void> close() {
        closing = true;
        turns.post(this::reconcile);
        return closed.copy();
    }

    /** Waits for running invocations, but not for their checkpoints to be saved. */
    void leaveUnsaved() {
        turns.post(shards::leaveUnsaved);
    }

    /** Doesn't wait for running invocations any more; completes what waits for them. */
    void abandon() {
        turns.post(shards::abandon);
    }

    /** Fails with an {@link IllegalStateException} when the mapping is stopped or deleted before. */
    CompletableFuture<Void> drained() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        turns.post(() -> drains.add(drained));
        return drained;
    }

    CompletableFuture<MappingStatus> describe() {
        CompletableFuture<MappingStatus> described = new CompletableFuture<>();
        turns.post(() -> {
            try {
                describe(described);
            } catch (RuntimeException | Error failure) {
                described.completeExceptionally(failure);
            }
        });
        return described;
    }

    /** Answers also while the store can't be reached: that is when people ask. */
    private void describe(CompletableFuture<MappingStatus> described) {
        String problem = problem();
        List<CheckpointRow> rows;
        try {
            rows = shards.load();
        } catch (CheckpointStoreException unreachable) {
            rows = shards.lastLoaded();
            problem = problem == null ? "checkpoints can't be read: " + unreachable.getMessage() : problem;
        }
        new StatusCollector(configuration(), problem, rows, described)
                .collect(Map.copyOf(shards.consumers()), turns::post);
    }

    private @Nullable String problem() {
        CheckpointWriter.Trouble trouble = shared.engine().checkpoints().trouble();
        return work.problem() != null || trouble == null
                ? work.problem()
                : "checkpoints can't be saved since " + trouble.since() + ": " + trouble.reason();
    }

    // Turns.

    /**
     * Stops what must not run any longer, and when that is over runs what was accepted last. Harmless at any time; comes
     * again by itself when something is not reachable, and at the latest after a minute.
     *
     * @return whether all runs that may run
     */
    private boolean reconcile() {
        if (ended) {
            return false;
        }
        boolean isThere = true;
        RuntimeException unreachable = null;
        try {
            isThere = closing || accepted.refresh();
        } catch (RuntimeException failure) {
            unreachable = failure;
        }
        Desired desired = accepted.last();
        if (!isThere || desired.deleted() || closing) {
            finish(desired, isThere, unreachable);
            return false;
        }
        if (!isStoppedFor(desired)) {
            return false;
        }
        apply(desired);
        boolean isAllHere = unreachable == null ? run(desired) : work.waits(unreachable);
        changes.settle(state.applied());
        return isAllHere;
    }

    /** @param unreachable why the desired state may be older than the stored one; null if it is not */
    private void finish(Desired desired, boolean isThere, @Nullable RuntimeException unreachable) {
        if (closing) {
            state.passTo(State.STOPPED);
        }
        if (!areShardsStopped()) {
            return;
        }
        if (unreachable != null) {
            boolean unused = work.waits(unreachable);
            return;
        }
        boolean isRemoved = !isThere || (desired.deleted() && remove(desired));
        if (isRemoved) {
            if (!isThere && !desired.deleted()) {
                LOG.info("Mapping '{}' was deleted by another process", state.name());
            } else {
                changes.settleAll();
            }
            end("was deleted");
            removed.run();
        } else if (closing) {
            end("is stopped");
        }
    }

    /** False if the store fails or holds another version, perhaps of a mapping that was created since; then it looks again. */
    private boolean remove(Desired desired) {
        try {
            boolean isRemoved =
                    shared.mappings().delete(shared.identity().namespace(), state.name(), desired.version());
            if (!isRemoved) {
                nextLook.after(MappingWork.RETRY_MILLIS);
            }
            return isRemoved;
        } catch (RuntimeException failure) {
            boolean unused = work.waits(failure);
            return false;
        }
    }

    private void end(String how) {
        ended = true;
        closing = true;
        links.cut();
        IllegalStateException reason = new IllegalStateException("Mapping '" + state.name() + "' " + how);
        drains.end(reason);
        changes.end(reason);
        closed.complete(null);
    }

    /** Other settings, a pause and a replay wait until no invocation runs any more. */
    private boolean isStoppedFor(Desired desired) {
        boolean isChanged = !desired.mapping().equals(state.mapping());
        boolean isReplayed = desired.replayId() != state.applied().replayId(); // perhaps carried out by another process
        boolean isInTheWay = !shards.isEmpty() && (!desired.enabled() || desired.isReplayPending() || isReplayed);
        if (!stopping && !isChanged && !isInTheWay) {
            return true;
        }
        if (!areShardsStopped()) {
            return false;
        }
        links.cut();
        return true;
    }

    private boolean areShardsStopped() {
        if (!stopping) {
            stopping = true;
            shards.stop();
        }
        stopping = !shards.isEmpty();
        return !stopping;
    }

    private void apply(Desired desired) {
        Desired before = state.applied();
        if (desired.version() != before.version()) {
            shards.takeBack();
            if (desired.enabled() != before.enabled()) {
                LOG.info("Mapping '{}' was {}", desired.name(), desired.enabled() ? "resumed" : "paused");
            }
        }
        state.apply(desired);
    }

    private boolean run(Desired desired) {
        StoredReplay replay = desired.replay();
        if (replay == null || replay.applied()) {
            return work.look();
        }
        try {
            if (!work.carryOut(replay)) {
                return false;
            }
        } catch (IllegalArgumentException impossible) {
            changes.fail(replay.id(), impossible);
        }
        return reconcile(); // with the mark, and with what was accepted meanwhile
    }

    private @Nullable Map<String, ShardConsumer> allConsumers() {
        return reconcile() && work.problem() == null ? shards.consumers() : null;
    }

    private void shardIsOver(String shard, ShardEnd end) {
        work.isOver(shard, end);
        if (end == ShardEnd.CRASHED && !stopping && !closing) {
            nextLook.after(MappingWork.RETRY_MILLIS);
        } else {
            boolean unused = reconcile();
        }
        drains.over(shard);
    }
}
