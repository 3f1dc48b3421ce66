package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mapping: lets it work, and stops all its shards to be paused, replayed, updated, deleted or closed, one such
 * change after the other. Everything mutable is written only inside its turns, which, unlike a shard's, may block on
 * the store or the stream.
 */
final class MappingRunner {

    /** What all runners of a process share. */
    record Shared(
            MappingResources resources, CheckpointStore checkpoints, EngineIdentity identity, EnginePorts engine) {

        /** To the millisecond: databases keep no nanoseconds, and what is kept must be the same when it is read again. */
        Instant now() {
            return Instant.ofEpochMilli(engine.clock().millis());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(MappingRunner.class);

    private final MappingFacts facts;
    private final Definition definition;
    private final Shared shared;
    private final Runnable removed;
    private final ShardTurns<Runnable> turns;
    private final Changes changes;
    private final MappingLinks links;
    private final RunningShards shards;
    private final NextLook nextLook;
    private final MappingWork work;
    private final DrainWatch drains;
    private @Nullable Runnable whenStopped;
    private boolean closing;

    /** @param removed called once when the mapping is deleted, here or by another process */
    MappingRunner(Told told, Definition definition, Shared shared, Runnable removed) {
        EnginePorts engine = shared.engine();
        this.facts = new MappingFacts(told);
        this.definition = definition;
        this.shared = shared;
        this.removed = removed;
        this.turns = new ShardTurns<>(MappingRunner::turn, engine.pool(), engine.othersWait());
        this.changes = new Changes(turns::post);
        this.links = new MappingLinks(shared.resources(), () -> turns.post(this::look));
        this.shards =
                new RunningShards(shared.checkpoints(), shared.identity(), engine, turns::post, this::shardIsOver);
        this.nextLook = new NextLook(engine, turns::post, this::look);
        this.work = new MappingWork(facts, definition, links, shards, nextLook, this::follow);
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
            look();
        });
    }

    /** Done when what was asked for before is done. */
    CompletableFuture<Void> settled() {
        return changes.submit(done -> done.complete(null));
    }

    MappingConfiguration configuration() {
        Told told = facts.told();
        return new MappingConfiguration(
                told.mapping(), definition.origin(), facts.state(), told.lastModified(), links.lastResult());
    }

    CompletableFuture<Void> pause() {
        return change(done -> {
            keep(facts.told().enabled(false, shared.now()));
            stopAll(State.DISABLING, done, () -> {
                facts.settle(State.DISABLED);
                look();
            });
        });
    }

    CompletableFuture<Void> resume() {
        return change(done -> {
            keep(facts.told().enabled(true, shared.now()));
            facts.settle(facts.state());
            shards.takeBack();
            look();
            done.complete(null);
        });
    }

    CompletableFuture<Void> replay(Replay replay) {
        return change(done -> {
            replay.requirePossible(shared.now());
            State before = facts.state();
            stopAll(State.UPDATING, done, () -> {
                facts.settle(before);
                try {
                    work.replay(replay);
                } finally {
                    look();
                }
            });
        });
    }

    /**
     * Whether {@link #update} can be.
     *
     * @throws RuntimeException that says why not
     */
    void requireChangeableTo(EventSourceMapping changed) {
        definition.requireChangeable();
        String stream = facts.mapping().stream();
        if (!changed.stream().equals(stream)) {
            throw new InvalidMappingException(
                    "stream",
                    "'" + changed.stream() + "'",
                    "can't replace '" + stream + "' in mapping '" + facts.name()
                            + "': make a mapping of another name for it");
        }
        shared.resources().check(changed);
    }

    /** Goes on with other settings from where it is; null leaves it enabled or disabled as it is. */
    CompletableFuture<Void> update(EventSourceMapping changed, @Nullable Boolean enabled) {
        return change(done -> {
            State before = facts.state();
            keep(new Told(changed, enabled == null ? facts.isEnabled() : enabled, shared.now()));
            goOnAsTold(before, done);
        });
    }

    void requireDeletable() {
        definition.requireDeletable();
    }

    /** Stops for good, and is forgotten with its rows. */
    CompletableFuture<Void> delete() {
        return change(done -> {
            State before = facts.state();
            stopAll(State.DELETING, done, () -> {
                try {
                    definition.delete();
                } catch (RuntimeException failure) {
                    facts.settle(before);
                    look();
                    throw failure;
                }
                end("was deleted");
                removed.run();
            });
        });
    }

    /** Stops for good; its checkpoints stay. */
    CompletableFuture<Void> close() {
        turns.post(() -> closing = true);
        return changes.submit(done -> stopAll(State.STOPPED, done, () -> end("is stopped")));
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
        turns.post(() -> Changes.failing(described, () -> describe(described)));
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

    // Changes.

    private CompletableFuture<Void> change(Changes.Change change) {
        return changes.submit(done -> {
            if (closing) {
                throw new IllegalStateException("Mapping '" + facts.name() + "' is stopped");
            }
            change.begin(done);
        });
    }

    /** What another process told the mapping; asked for again, because it may have been told more since. */
    private void follow() {
        CompletableFuture<Void> unused = changes.submit(done -> {
            Optional<Told> told = closing ? Optional.of(facts.told()) : definition.load(facts.told());
            if (told.isEmpty()) {
                LOG.info("Mapping '{}' was deleted by another process", facts.name());
                stopAll(State.DELETING, done, () -> {
                    end("was deleted");
                    removed.run();
                });
            } else if (told.get().equals(facts.told())) {
                done.complete(null);
            } else {
                LOG.info("Mapping '{}' is {} now", facts.name(), told.get().enabled() ? "to go on" : "paused");
                State before = facts.state();
                facts.tell(told.get());
                goOnAsTold(before, done);
            }
        });
    }

    private void goOnAsTold(State before, CompletableFuture<Void> done) {
        stopAll(facts.isEnabled() ? State.UPDATING : State.DISABLING, done, () -> {
            links.cut();
            facts.settle(before);
            shards.takeBack();
            look();
        });
    }

    private void keep(Told told) {
        definition.keep(told);
        facts.tell(told);
    }

    /** Stops all consumers; when none is left runs {@code then} and completes the change. */
    private void stopAll(State meanwhile, CompletableFuture<Void> done, Runnable then) {
        facts.passTo(meanwhile);
        whenStopped = () -> Changes.failing(done, () -> {
            then.run();
            done.complete(null);
        });
        shards.stop();
        continueIfStopped();
    }

    private void continueIfStopped() {
        Runnable then = whenStopped;
        if (then != null && shards.isEmpty()) {
            whenStopped = null;
            then.run();
        }
    }

    private void end(String how) {
        closing = true;
        links.cut();
        drains.end(new IllegalStateException("Mapping '" + facts.name() + "' " + how));
    }

    // Looks.

    private boolean mayLook() {
        return !closing && whenStopped == null;
    }

    private void look() {
        if (mayLook()) {
            work.look();
        }
    }

    private @Nullable Map<String, ShardConsumer> allConsumers() {
        return mayLook() ? work.allConsumers() : null;
    }

    private void shardIsOver(String shard, ShardEnd end) {
        work.isOver(shard, end);
        if (end == ShardEnd.CRASHED) {
            nextLook.after(MappingWork.RETRY_MILLIS);
        } else {
            look();
        }
        drains.over(shard);
        continueIfStopped();
    }
}
