package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingSnapshot.Consumers;
import io.shardmill.poller.control.MappingSnapshot.ShardRow;
import io.shardmill.poller.internal.reconcile.Observed;
import io.shardmill.poller.internal.reconcile.Phase;
import io.shardmill.poller.internal.reconcile.Reconciliation;
import io.shardmill.poller.internal.reconcile.StreamView;
import io.shardmill.poller.internal.shard.ShardConsumer;
import io.shardmill.poller.internal.shard.ShardEnd;
import io.shardmill.poller.internal.shard.ShardTurns;
import io.shardmill.poller.monitoring.LastFailure;
import io.shardmill.poller.monitoring.ShardObservers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what runs of one mapping to what was accepted last, in passes: each observes the mapping, performs what
 * {@link Reconciliation} decides until that is to rest, and publishes a snapshot. A pass is begun by an event, or by the timer
 * after a minute; it is harmless at any time. Other threads send commands, which are carried out in turns, before one pass.
 */
final class MappingReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(MappingReconciler.class);

    /** More than any pass needs. */
    private static final int MAX_STEPS = 100;

    private final ControlPorts ports;
    private final AcceptedState accepted;
    private final Runnable removed;
    private final ShardTurns<Runnable> turns;
    private final ReconcileTimer timer;
    private final LastProcessingResult result = new LastProcessingResult();
    private final FailureMemory failures = new FailureMemory();
    private final PendingChanges changes = new PendingChanges();
    private final StreamParticipation participation;
    private final MappingStream stream;
    private final ConsumedShards shards;
    private final MappingRuntime runtime;
    private final DrainWatch drains;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean isPassDue;
    private volatile boolean isClosing;
    private volatile MappingSnapshot snapshot;

    /** @param removed called once when the mapping was removed, here or by another process */
    MappingReconciler(AcceptedState accepted, StartOptions options, ControlPorts ports, Runnable removed) {
        this.ports = ports;
        this.accepted = accepted;
        this.removed = removed;
        this.turns = new ShardTurns<>(
                this::turn, ports.engine().pool(), ports.engine().othersWait());
        this.timer = new ReconcileTimer(ports.engine(), turns::post, this::requestPass);
        this.participation = new StreamParticipation(ports, this::reconcile);
        this.stream = new MappingStream(
                ports,
                new ResolvedPorts(ports.resources(), new ShardObservers(List.of(result, failures)), this::reconcile),
                new CheckpointInitializer(ports.stores().checkpoints(), options.adopted()),
                participation,
                result);
        this.shards = new ConsumedShards(ports, turns::post, this::shardIsOver, this::requestPass);
        this.runtime = new MappingRuntime(
                ports,
                new MappingRuntime.Parts(accepted, stream, participation, shards, changes, timer),
                options.replay());
        this.drains = new DrainWatch(new Observation(), turns::post, this::postLater);
        this.snapshot = new MappingSnapshot(
                ports.now(),
                accepted.last(),
                runtime.observe().phase(),
                false,
                List.of(),
                null,
                null,
                Consumers.none());
    }

    // What other threads may call.

    /** Begins a pass soon. */
    void reconcile() {
        turns.post(this::requestPass);
    }

    MappingSnapshot snapshot() {
        return snapshot;
    }

    @Nullable
    LastFailure lastFailure() {
        return failures.last();
    }

    String lastProcessingResult() {
        return result.text();
    }

    boolean isClosing() {
        return isClosing;
    }

    /** Completes when the mapping runs as this version says, and fails if it ends before. */
    CompletableFuture<Void> carriedOut(long version) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        turns.post(() -> {
            changes.add(version, done);
            requestPass();
        });
        return done;
    }

    /** Fails with an {@link IllegalStateException} when the mapping is stopped or deleted before. */
    CompletableFuture<Void> drained() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        turns.post(() -> drains.add(drained));
        return drained;
    }

    /** Stops for good; its checkpoints stay, and what is accepted and not carried out is for the next start. */
    CompletableFuture<Void> close() {
        isClosing = true;
        reconcile();
        return closed.copy();
    }

    /** Waits for running invocations, but not for their checkpoints to be saved. */
    void leaveUnsaved() {
        turns.post(shards::leaveUnsaved);
    }

    /** Waits for running invocations no longer; completes what waits for them. */
    void abandon() {
        turns.post(shards::abandon);
    }

    // Turns.

    private List<ShardTurns.Work<Runnable>> turn(List<Runnable> commands) {
        commands.forEach(this::carryOut);
        if (isPassDue) {
            isPassDue = false;
            carryOut(this::pass);
        }
        return List.of();
    }

    private void carryOut(Runnable command) {
        try {
            command.run();
        } catch (RuntimeException | Error fault) {
            timer.after(Reconciliation.RETRY_MILLIS);
            LOG.error("A fault in the engine; the mapping is reconciled again", fault);
        }
    }

    private void requestPass() {
        isPassDue = true;
    }

    private void postLater(Runnable command) {
        ports.engine().timer().at(ports.millis() + Reconciliation.RETRY_MILLIS, () -> turns.post(command));
    }

    private void shardIsOver(String shard, ShardEnd end) {
        if (end == ShardEnd.CRASHED && !(runtime.observe().phase() instanceof Phase.Stopping)) {
            timer.after(Reconciliation.RETRY_MILLIS);
        } else {
            requestPass();
        }
    }

    private void pass() {
        if (closed.isDone()) {
            return;
        }
        runtime.begin(isClosing);
        for (int step = 0; !runtime.isResting(); step++) {
            if (step > MAX_STEPS) {
                throw new IllegalStateException("A pass comes to no end: " + runtime.observe());
            }
            runtime.perform(Reconciliation.decide(runtime.target(isClosing), runtime.observe()));
        }
        Observed now = runtime.observe();
        publish(now);
        stream.expire();
        if (now.phase() instanceof Phase.Ended ended) {
            end(ended.how());
        } else {
            changes.settle(now.applied());
            drains.passed();
        }
    }

    private void publish(Observed now) {
        MappingSnapshot before = snapshot;
        List<ShardRow> rows = now.stream() instanceof StreamView.Current current
                ? current.rows().stream().map(ShardRow::of).toList()
                : before.shards();
        snapshot = new MappingSnapshot(
                ports.now(),
                now.applied(),
                now.phase(),
                isClosing,
                rows,
                stream.predecessor(),
                stream.group(),
                new Consumers(
                        shards.consumers(),
                        shards.holdings(),
                        participation.share().elsewhere(),
                        stream.assignedElsewhere()));
        report(before.problem(), snapshot);
    }

    private static void report(@Nullable String before, MappingSnapshot snapshot) {
        String problem = snapshot.problem();
        String mapping = snapshot.applied().mapping().label();
        if (problem == null && before != null && snapshot.phase() instanceof Phase.Running) {
            LOG.info("Mapping '{}' works again", mapping);
        } else if (snapshot.phase() instanceof Phase.Waiting && problem != null && !problem.equals(before)) {
            LOG.warn(
                    "Mapping '{}' can't start all its shards and tries again every {} ms: {}",
                    mapping,
                    Reconciliation.RETRY_MILLIS,
                    problem);
        }
    }

    private void end(Phase.End how) {
        isClosing = true;
        runtime.end();
        String mapping = snapshot.applied().mapping().label();
        boolean isDeleted = how == Phase.End.DELETED;
        if (isDeleted) {
            removed.run();
        }
        if (isDeleted && accepted.last().deleted()) {
            LOG.info("Mapping '{}' was deleted", mapping);
            changes.settleAll();
        } else if (isDeleted) {
            LOG.info("Mapping '{}' was deleted by another process", mapping);
        }
        IllegalStateException reason =
                new IllegalStateException("Mapping '" + mapping + "' " + (isDeleted ? "was deleted" : "is stopped"));
        drains.end(reason);
        changes.end(reason);
        closed.complete(null);
    }

    /** Observes the mapping until its stream is drained. */
    private final class Observation implements DrainWatch.Observation {

        @Override
        public @Nullable Map<String, ShardConsumer> consumers() {
            Observed now = runtime.observe();
            boolean isAsAccepted = now.phase() instanceof Phase.Running
                    && now.applied().version() == accepted.last().version();
            return isAsAccepted ? shards.consumers() : null;
        }

        @Override
        public boolean isDrained(Set<String> drained) {
            Map<String, Long> epochs = shards.epochs();
            epochs.keySet().retainAll(drained);
            return Reconciliation.isDrained(
                    stream.observe(runtime.observe().applied().mapping()), epochs);
        }
    }
}
