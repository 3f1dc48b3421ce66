package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.Predecessor;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of this process, for callers on any thread. A change is stored on the caller's thread, and its reconciler carries
 * it out; a question is answered from the reconciler's last snapshot. Thread-safe.
 */
final class ManagedMapping {

    private final String name;
    private final AcceptedState accepted;
    private final ControlPorts ports;
    private final MappingReconciler reconciler;

    /** @param removed called once when the mapping was removed, here or by another process */
    ManagedMapping(
            DesiredState first, DefinitionSource source, StartOptions options, ControlPorts ports, Runnable removed) {
        this.name = first.name();
        this.accepted = ports.accepted(first, source);
        this.ports = ports;
        this.reconciler = new MappingReconciler(accepted, options, ports, removed);
    }

    String name() {
        return name;
    }

    /** As it was accepted last. */
    EventSourceMapping mapping() {
        return accepted.last().mapping();
    }

    void start() {
        reconciler.reconcile();
    }

    // Answers.

    Origin origin() {
        return accepted.source().origin();
    }

    MappingConfiguration configuration() {
        DesiredState last = accepted.last();
        return configuration(last, reconciler.snapshot().state(last));
    }

    private MappingConfiguration configuration(DesiredState desired, State shown) {
        return new MappingConfiguration(
                desired.mapping(), origin(), shown, desired.lastModified(), reconciler.lastProcessingResult());
    }

    /** Completes soon, whatever the store and the mapping's turns do. */
    CompletableFuture<MappingStatus> describe() {
        MappingSnapshot snapshot = reconciler.snapshot();
        StoreFailure failure = failure();
        String problem = snapshot.problem() == null && failure != null ? failure.describe() : snapshot.problem();
        MappingConfiguration configuration = configuration();
        return new StatusCollector(snapshot)
                .collect(ports.engine())
                .thenApply(shards -> new MappingStatus(
                        configuration,
                        snapshot.time(),
                        problem,
                        failure == null ? null : failure.since(),
                        reconciler.lastFailure(),
                        snapshot.predecessor() == null
                                ? null
                                : snapshot.predecessor().label(),
                        snapshot.group(),
                        shards));
    }

    /** Returns since when the store can't be read, or checkpoints can't be saved, whichever is longer. */
    private @Nullable StoreFailure failure() {
        CheckpointWriter.SaveFailure unsaved = ports.engine().checkpoints().saveFailure();
        StoreFailure ofSaves = unsaved == null
                ? null
                : new StoreFailure("checkpoints can't be saved", unsaved.since(), unsaved.reason());
        return StoreFailure.earliest(ofSaves, ports.stores().failure());
    }

    // Changes.

    /**
     * Stores a change of what was accepted last; blocks. See {@link AcceptedState#accept}.
     *
     * @throws MappingInUseException if the mapping is being deleted
     * @throws IllegalStateException if it is stopped
     */
    MappingChange change(UnaryOperator<DesiredState> change) {
        return accept(desired -> {
            if (desired.deleted()) {
                throw new MappingInUseException("Mapping '" + name + "' is being deleted");
            }
            return change.apply(desired);
        });
    }

    private MappingChange accept(AcceptedState.Change change) {
        if (reconciler.isClosing()) {
            throw new IllegalStateException("Mapping '" + name + "' is stopped");
        }
        DesiredState desired;
        try {
            desired = accepted.accept(change);
        } catch (CheckpointStoreException unreachable) {
            reconciler.reconcile(); // finds out when the store can be reached again
            throw unreachable;
        }
        MappingConfiguration answer =
                configuration(desired, reconciler.snapshot().transitionTo(desired));
        return new MappingChange(answer, reconciler.carriedOut(desired.version()));
    }

    /** Completes when all that was accepted before is carried out. */
    CompletableFuture<Void> settled() {
        return reconciler.carriedOut(accepted.last().version());
    }

    /** @param change see {@link #change} */
    MappingChange update(UnaryOperator<EventSourceMapping> change, @Nullable Boolean enabled) {
        accepted.source().requireChangeable();
        return change(desired -> {
            EventSourceMapping changed = change.apply(desired.mapping());
            requireSameStream(desired.mapping().stream(), changed.stream());
            ports.resources().check(changed);
            return desired.with(changed).enabled(enabled == null ? desired.enabled() : enabled);
        });
    }

    private void requireSameStream(String stream, String other) {
        if (!other.equals(stream)) {
            throw new InvalidMappingException(
                    "stream",
                    "'" + other + "'",
                    "can't replace '" + stream + "' in mapping '" + name + "': make a mapping of another name for it");
        }
    }

    /**
     * Accepts a replay. One of all shards takes the place of one that is still to be carried out.
     *
     * @throws IllegalArgumentException if the stream has no such position
     * @throws MappingInUseException for a replay of some shards while another one waits
     */
    MappingChange replay(Replay replay) {
        Instant now = ports.now();
        replay.requirePossible(now);
        if (replay instanceof Replay.FromSequenceNumber from) {
            Predecessor read = reconciler.snapshot().predecessor();
            CheckpointInitializer.requireHolder(
                    from,
                    read == null ? ports.resources().source(accepted.last().mapping()) : read.source());
        }
        return change(desired -> {
            if (desired.isReplayPending() && replay instanceof Replay.FromSequenceNumber) {
                throw new MappingInUseException("Mapping '" + name
                        + "' has not yet begun a replay that was accepted before;"
                        + " repeat the replay from a sequence number when it has");
            }
            return desired.replaying(replay.asText());
        });
    }

    /** Stops for good, and is removed with its rows; harmless if it is being deleted already. */
    MappingChange delete() {
        accepted.source().requireDeletable();
        return accept(desired -> desired.deleted() ? null : desired.toBeDeleted());
    }

    // The rest is the reconciler's.

    CompletableFuture<Void> drained() {
        return reconciler.drained();
    }

    CompletableFuture<Void> close() {
        return reconciler.close();
    }

    void leaveUnsaved() {
        reconciler.leaveUnsaved();
    }

    void abandon() {
        reconciler.abandon();
    }
}
