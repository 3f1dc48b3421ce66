package io.shardmill.poller.internal.reconcile;

import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.internal.lineage.ShardLineage;
import io.shardmill.poller.internal.reconcile.MappingAction.Rest;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a mapping does next. A pass performs the actions, observes the mapping and decides again, until an action is
 * {@link Rest}. An action that fails is decided on with its {@link Observed#failure}.
 */
public final class Reconciliation {

    /** How soon a pass follows one that could not reach the store or the stream. */
    public static final long RETRY_MILLIS = 1_000;

    /** How long a mapping relies on what it knows of its stream, and of what other processes have accepted. */
    public static final long RESYNC_MILLIS = 60_000;

    private final Target target;
    private final DesiredState desired;
    private final Observed observed;

    private Reconciliation(Target target, Observed observed) {
        this.target = target;
        this.desired = target.desired();
        this.observed = observed;
    }

    /** Returns the next actions, in order. */
    public static List<MappingAction> decide(Target target, Observed observed) {
        return new Reconciliation(target, observed).decide();
    }

    private List<MappingAction> decide() {
        if (target.isEnd() || observed.isRemoved()) {
            return end();
        }
        if (observed.isAnythingRunning() && mustStop()) {
            return stop();
        }
        if (desired.version() != observed.applied().version() || observed.phase() instanceof Phase.Stopping) {
            return List.of(new MappingAction.Apply(desired));
        }
        if (observed.failure() != null) {
            return handOverAnd(retry(observed.failure()));
        }
        return desired.enabled() || desired.isReplayPending() ? run() : pause();
    }

    private List<MappingAction> end() {
        if (observed.isAnythingRunning()) {
            return stop();
        }
        if (observed.isRemoved()) {
            return ended(Phase.End.DELETED);
        }
        if (observed.shards().isToBeReleased() && observed.failure() == null) {
            return List.of(new MappingAction.ReleaseShards());
        }
        if (desired.deleted() && observed.failure() == null) {
            return mayBeConsumedElsewhere()
                    ? List.of(new Rest(new Phase.Stopping(observed.phase().settled()), RETRY_MILLIS))
                    : List.of(new MappingAction.Remove(desired.version()));
        }
        return target.isClosing() ? ended(Phase.End.STOPPED) : retry(Objects.requireNonNull(observed.failure()));
    }

    private static List<MappingAction> ended(Phase.End how) {
        return List.of(new Rest(new Phase.Ended(how), null));
    }

    /** Other settings, a pause and a replay wait until no invocation runs any more. */
    private boolean mustStop() {
        DesiredState applied = observed.applied();
        return observed.phase() instanceof Phase.Stopping
                || !desired.enabled()
                || !desired.mapping().equals(applied.mapping())
                || desired.isReplayPending()
                || desired.replayId() != applied.replayId(); // another process has carried it out
    }

    private List<MappingAction> stop() {
        if (observed.phase() instanceof Phase.Stopping) {
            return List.of(new Rest(observed.phase(), null));
        }
        List<MappingAction> actions = new ArrayList<>();
        if (target.isEnd() || observed.isRemoved() || !desired.enabled()) {
            actions.add(new MappingAction.Withdraw());
        }
        actions.add(new MappingAction.StopShards());
        actions.add(new Rest(new Phase.Stopping(observed.phase().settled()), null));
        return actions;
    }

    /** Other processes wait for shards, whether the stream can be listed or not. A release that fails must not begin the pass anew. */
    private List<MappingAction> handOverAnd(List<MappingAction> rest) {
        Set<String> wanted = new TreeSet<>(observed.shards().share().handOver());
        wanted.retainAll(observed.shards().epochs().keySet());
        List<MappingAction> actions = new ArrayList<>();
        if (!wanted.isEmpty()) {
            actions.add(new MappingAction.HandOverShards(wanted));
        }
        actions.addAll(rest);
        if (observed.shards().isHandOverDue()) {
            actions.add(new MappingAction.ReleaseShards());
        }
        return actions;
    }

    private List<MappingAction> retry(String reason) {
        return List.of(new Rest(new Phase.Waiting(observed.phase().settled(), reason), RETRY_MILLIS));
    }

    /** Where a disabled mapping begins is decided when it first sees its stream. */
    private List<MappingAction> pause() {
        if (observed.shards().isToBeReleased()) {
            return List.of(new MappingAction.ReleaseShards());
        }
        Rest rest = new Rest(new Phase.Paused(), RESYNC_MILLIS);
        if (observed.stream() instanceof StreamView.Unseen) {
            return List.of(new MappingAction.ReadStream());
        }
        if (observed.stream() instanceof StreamView.Current current) {
            List<MappingAction> missing = missingRows(current, lineage(current));
            return missing.isEmpty() ? List.of(rest) : missing;
        }
        return List.of(new MappingAction.ReadRows(), rest);
    }

    private List<MappingAction> run() {
        if (!(observed.stream() instanceof StreamView.Current current)) {
            return List.of(new MappingAction.ReadStream());
        }
        ShardLineage lineage = lineage(current);
        List<MappingAction> missing = missingRows(current, lineage);
        if (!missing.isEmpty()) {
            return missing;
        }
        if (desired.isReplayPending() && observed.shards().isToBeReleased()) {
            return List.of(new MappingAction.ReleaseShards());
        }
        if (desired.isReplayPending() && !isFree(current)) {
            return List.of(new Rest(observed.phase(), RETRY_MILLIS)); // other processes stop their shards, too
        }
        if (desired.isReplayPending()) {
            return List.of(new MappingAction.ApplyReplay(Objects.requireNonNull(desired.replay())));
        }
        if (target.replayAtStart() != null) {
            return List.of(replayAtStart(current, target.replayAtStart()));
        }
        return follow(current, lineage);
    }

    /**
     * Nothing of a shard is read before it has a row, and nothing of a stream before its predecessor is read to its end. A shard
     * that the predecessor doesn't list any more has no records left.
     */
    private List<MappingAction> missingRows(StreamView.Current stream, ShardLineage lineage) {
        if (stream.hasSuccessor() && lineage.isFinished() && !observed.isAnythingRunning()) {
            return List.of(new MappingAction.ReadSuccessor());
        }
        if (stream.rows().isEmpty()) {
            return List.of(new MappingAction.CreateFirstRows());
        }
        List<ShardDescription> unknown = lineage.unknown();
        return unknown.isEmpty() ? List.of() : List.of(new MappingAction.CreateRows(unknown));
    }

    private List<MappingAction> follow(StreamView.Current stream, ShardLineage lineage) {
        if (!observed.shards().share().isKnown()) {
            return List.of(new Rest(new Phase.Running(), RESYNC_MILLIS)); // the other processes are looked at
        }
        List<MappingAction> actions = new ArrayList<>();
        if (!stream.gone().isEmpty()) {
            actions.add(new MappingAction.DeleteIncarnations(stream.gone()));
        }
        List<String> forgotten = lineage.forgotten().stream()
                .filter(shard -> !observed.shards().isRunning(shard))
                .toList();
        if (!forgotten.isEmpty() && !stream.hasSuccessor()) { // else they say that the mapping has read it
            actions.add(new MappingAction.DeleteRows(forgotten));
        }
        Set<String> taken = observed.shards().epochs().keySet().stream()
                .filter(shard -> !isOwn(lineage.row(shard)))
                .collect(Collectors.toCollection(TreeSet::new)); // in order, so that a simulation repeats itself
        if (!taken.isEmpty()) {
            actions.add(new MappingAction.YieldShards(taken));
        }
        Share share = observed.shards().share();
        Set<String> wanted = new TreeSet<>(share.handOver());
        wanted.retainAll(observed.shards().epochs().keySet());
        if (!wanted.isEmpty()) {
            actions.add(new MappingAction.HandOverShards(wanted));
        }
        if (observed.shards().isHandOverDue()) {
            actions.add(new MappingAction.ReleaseShards());
        }
        List<String> startable = lineage.startable().stream()
                .filter(shard -> !observed.shards().isRunning(shard))
                .filter(shard -> share.isToBeTaken(Objects.requireNonNull(lineage.row(shard))))
                .toList();
        if (!startable.isEmpty()) {
            actions.add(new MappingAction.StartShards(startable));
        }
        actions.add(new Rest(new Phase.Running(), RESYNC_MILLIS));
        return actions;
    }

    private MappingAction replayAtStart(StreamView.Current stream, String from) {
        if (!observed.shards().share().elsewhere().isEmpty()) {
            return new MappingAction.DropReplayAtStart();
        }
        return isFree(stream) ? new MappingAction.ReplayAtStart(from) : new Rest(observed.phase(), RETRY_MILLIS);
    }

    /** Returns whether no other process owns a shard, by rows that are as they were when that was determined. */
    private boolean isFree(StreamView.Current stream) {
        return stream.rows().stream()
                .filter(row -> row.state() == ShardState.READING)
                .allMatch(observed.shards().share()::isFree);
    }

    private boolean mayBeConsumedElsewhere() {
        Share share = observed.shards().share();
        return !share.isKnown() || !share.elsewhere().isEmpty();
    }

    /** A consumer with nothing to save would not notice that another process took its shard, or replays it. */
    private boolean isOwn(@Nullable CheckpointRow row) {
        return row != null
                && Objects.equals(row.epoch(), observed.shards().epochs().get(row.shard()));
    }

    private ShardLineage lineage(StreamView.Current stream) {
        Set<String> consumed = new HashSet<>(observed.shards().epochs().keySet());
        consumed.addAll(observed.shards().share().elsewhere().keySet());
        return new ShardLineage(stream.listing(), stream.rows(), consumed);
    }

    /**
     * Returns whether all records of a stream are finished.
     *
     * @param drained the epochs of the shards that are consumed here, of which all is finished and saved
     */
    public static boolean isDrained(StreamView.Current stream, Map<String, Long> drained) {
        Map<String, CheckpointRow> rows = new HashMap<>();
        stream.rows().forEach(row -> rows.put(row.shard(), row));
        return !stream.hasSuccessor()
                && stream.listing().shards().stream().allMatch(shard -> {
                    CheckpointRow row = rows.get(shard.id());
                    return row != null
                            && (row.state() != ShardState.READING
                                    || Objects.equals(row.epoch(), drained.get(shard.id())));
                });
    }
}
