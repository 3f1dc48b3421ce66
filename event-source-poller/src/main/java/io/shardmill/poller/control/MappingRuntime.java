package io.shardmill.poller.control;

import io.shardmill.function.Shard;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.internal.reconcile.MappingAction;
import io.shardmill.poller.internal.reconcile.Observed;
import io.shardmill.poller.internal.reconcile.Phase;
import io.shardmill.poller.internal.reconcile.Reconciliation;
import io.shardmill.poller.internal.reconcile.StreamView;
import io.shardmill.poller.internal.reconcile.Target;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mapping in this process, as it is. Performs what is decided for it. Touched only inside the mapping's turns, which, unlike
 * a shard's, may block on the store or the stream.
 */
final class MappingRuntime implements MappingAction.Performer {

    private static final Logger LOG = LoggerFactory.getLogger(MappingRuntime.class);

    /** The parts of a mapping. */
    record Parts(
            AcceptedState accepted,
            MappingStream stream,
            StreamParticipation participation,
            ConsumedShards shards,
            PendingChanges changes,
            ReconcileTimer timer) {}

    private final MappingStore store;
    private final String namespace;
    private final AcceptedState accepted;
    private final MappingStream stream;
    private final StreamParticipation participation;
    private final ConsumedShards shards;
    private final PendingChanges changes;
    private final ReconcileTimer timer;
    private final MappingReplays replays;
    private DesiredState applied;
    private Phase phase = new Phase.Starting(true);
    private boolean isRemoved;
    private boolean isResting;
    private @Nullable String failure;

    /** @param replayAtStart from where to deliver again before anything else, or null */
    MappingRuntime(ControlPorts ports, Parts parts, @Nullable Replay replayAtStart) {
        this.store = ports.stores().mappings();
        this.namespace = ports.namespace();
        this.accepted = parts.accepted();
        this.stream = parts.stream();
        this.participation = parts.participation();
        this.shards = parts.shards();
        this.changes = parts.changes();
        this.timer = parts.timer();
        this.replays = new MappingReplays(store, stream, participation, changes, replayAtStart);
        this.applied = accepted.last();
    }

    /** Begins a pass: what was observed before is not current any more. */
    void begin(boolean isClosing) {
        isResting = false;
        failure = null;
        stream.expire();
        if (!isClosing) {
            perform(this::refresh);
        }
        if (!shards.isEmpty()) {
            shards.keepOnly(participation.share().owner());
        }
    }

    private void refresh() {
        long known = accepted.last().version();
        isRemoved = !accepted.refresh();
        long stored = accepted.last().version();
        if (stored < known) {
            LOG.warn(
                    "Mapping '{}': the database was restored from an older state and lacks the change that was accepted last."
                            + " The mapping follows the database",
                    mapping().label());
            changes.forget(stored);
        }
    }

    /** Performs actions up to the first that fails. */
    void perform(List<MappingAction> actions) {
        perform(() -> actions.forEach(action -> action.performBy(this)));
    }

    private void perform(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException unable) {
            LOG.debug("Mapping '{}' can't do what it should", mapping().label(), unable);
            failure = unable instanceof CheckpointStoreException
                    ? "checkpoints can't be read or taken over: " + unable.getMessage()
                    : String.valueOf(unable.getMessage());
            if (unable instanceof StreamUnavailableException || unable instanceof StreamNotFoundException) {
                stream.unavailable(failure);
            }
        }
    }

    /** Returns whether the pass is over. */
    boolean isResting() {
        return isResting;
    }

    Target target(boolean isClosing) {
        return new Target(accepted.last(), isClosing, replays.atStart());
    }

    Observed observe() {
        return new Observed(phase, applied, isRemoved, shards.observed(participation.share()), stream.view(), failure);
    }

    // Actions.

    @Override
    public void withdraw() {
        participation.withdraw();
    }

    @Override
    public void stopShards() {
        shards.stop();
    }

    @Override
    public void apply(DesiredState desired) {
        if (shards.isEmpty()) {
            close();
        }
        if (desired.enabled() != applied.enabled()) {
            LOG.info("Mapping '{}' was {}", desired.mapping().label(), desired.enabled() ? "resumed" : "paused");
        }
        if (desired.isReplayedSince(applied)) {
            participation.supersedePositions();
        }
        phase = phase.under(desired);
        applied = desired;
    }

    @Override
    public void readStream() {
        Map<String, List<LaneFact>> committed = shards.committed();
        stream.read(mapping());
        if (stream.view() instanceof StreamView.Current current) {
            shards.giveUpLacking(committed, current.rows());
        }
    }

    @Override
    public void readSuccessor() {
        stream.readSuccessor(mapping());
    }

    @Override
    public void readRows() {
        stream.readRows();
    }

    @Override
    public void createFirstRows() {
        stream.createFirstRows(mapping());
    }

    @Override
    public void createRows(List<ShardDescription> unknown) {
        stream.createRows(unknown);
    }

    @Override
    public void deleteRows(List<String> forgotten) {
        stream.deleteRows(forgotten);
    }

    @Override
    public void deleteIncarnations(List<MappingKey> gone) {
        stream.deleteIncarnations(gone);
    }

    @Override
    public void applyReplay(StoredReplay replay) {
        replays.apply(mapping(), replay);
        stream.expire();
        refresh();
        if (accepted.last().pendingReplayId() == replay.id()) {
            throw new IllegalStateException("The store does not say that the replay is carried out");
        }
    }

    @Override
    public void replayAtStart(String from) {
        replays.applyAtStart(mapping(), from);
    }

    @Override
    public void dropReplayAtStart() {
        replays.dropAtStart(mapping());
    }

    @Override
    public void yieldShards(Set<String> taken) {
        shards.giveUp(taken);
    }

    @Override
    public void handOverShards(Set<String> wanted) {
        shards.handOver(wanted);
    }

    @Override
    public void releaseShards() {
        stream.release(shards.toBeReleased(participation.share()));
        shards.released();
    }

    @Override
    public void startShards(List<String> startable) {
        Share before = participation.share();
        List<ShardAssignment> taken = stream.takeOver(mapping(), startable);
        MappingPorts with = stream.ports(mapping());
        taken.forEach(assignment -> shards.start(assignment, with, before));
        if (taken.size() < startable.size()) {
            startable.stream()
                    .filter(shard -> !shards.isConsuming(shard))
                    .forEach(shard -> with.observer().contended(new Shard(mapping().stream(), shard)));
            timer.after(Reconciliation.RETRY_MILLIS); // another process has taken one since the rows were read
        }
    }

    @Override
    public void remove(long version) {
        isRemoved = store.delete(namespace, applied.name(), version);
        if (!isRemoved) {
            throw new IllegalStateException("The stored state of the mapping has changed");
        }
    }

    @Override
    public void rest(Phase next, @Nullable Long nextMillis) {
        phase = next;
        isResting = true;
        if (next instanceof Phase.Running || next instanceof Phase.Paused) {
            stream.settle();
        }
        if (next instanceof Phase.Paused) {
            participation.withdraw(); // it has joined to create its rows
        }
        if (nextMillis != null) {
            timer.after(nextMillis);
        }
    }

    /** Closes what was resolved for shards that don't run any more. */
    void close() {
        stream.close(mapping());
    }

    /** The mapping is over in this process. */
    void end() {
        close();
        participation.leave();
    }

    private EventSourceMapping mapping() {
        return applied.mapping();
    }
}
