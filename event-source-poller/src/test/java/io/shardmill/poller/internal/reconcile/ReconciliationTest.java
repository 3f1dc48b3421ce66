package io.shardmill.poller.internal.reconcile;

import static io.shardmill.poller.internal.reconcile.Reconciliation.RESYNC_MILLIS;
import static io.shardmill.poller.internal.reconcile.Reconciliation.RETRY_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.assignment.Acquisition.Kind;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.internal.reconcile.MappingAction.Apply;
import io.shardmill.poller.internal.reconcile.MappingAction.ApplyReplay;
import io.shardmill.poller.internal.reconcile.MappingAction.CreateFirstRows;
import io.shardmill.poller.internal.reconcile.MappingAction.CreateRows;
import io.shardmill.poller.internal.reconcile.MappingAction.DeleteIncarnations;
import io.shardmill.poller.internal.reconcile.MappingAction.DeleteRows;
import io.shardmill.poller.internal.reconcile.MappingAction.DropReplayAtStart;
import io.shardmill.poller.internal.reconcile.MappingAction.HandOverShards;
import io.shardmill.poller.internal.reconcile.MappingAction.ReadRows;
import io.shardmill.poller.internal.reconcile.MappingAction.ReadStream;
import io.shardmill.poller.internal.reconcile.MappingAction.ReadSuccessor;
import io.shardmill.poller.internal.reconcile.MappingAction.ReleaseShards;
import io.shardmill.poller.internal.reconcile.MappingAction.Remove;
import io.shardmill.poller.internal.reconcile.MappingAction.ReplayAtStart;
import io.shardmill.poller.internal.reconcile.MappingAction.Rest;
import io.shardmill.poller.internal.reconcile.MappingAction.StartShards;
import io.shardmill.poller.internal.reconcile.MappingAction.StopShards;
import io.shardmill.poller.internal.reconcile.MappingAction.Withdraw;
import io.shardmill.poller.internal.reconcile.MappingAction.YieldShards;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table is a mapping as it is wanted and as it is, and what is to be done. */
class ReconciliationTest {

    private static final EventSourceMapping MAPPING = EventSourceMapping.of("orders", "orders");
    private static final DesiredState ENABLED =
            DesiredState.of(MAPPING, true, Instant.EPOCH).at(5);
    private static final DesiredState PAUSED = ENABLED.enabled(false);
    private static final DesiredState DELETED = ENABLED.toBeDeleted().at(6);
    private static final DesiredState REPLAYED =
            ENABLED.replaying("TRIM_HORIZON").at(6);
    private static final DesiredState UPDATED =
            ENABLED.with(MAPPING.withFunction("other")).at(6);
    private static final DesiredState REPLAYED_ELSEWHERE =
            new DesiredState(MAPPING, true, false, new StoredReplay(6, "TRIM_HORIZON", true), Instant.EPOCH, 7);

    private static final Phase STARTING = new Phase.Starting(true);
    private static final Phase RUNNING = new Phase.Running();
    private static final Phase RESTING = new Phase.Paused();
    private static final Phase STOPPING = new Phase.Stopping(RUNNING);
    private static final Phase WAITING = new Phase.Waiting(RUNNING, "before");
    private static final StreamView UNSEEN = new StreamView.Unseen();
    private static final StreamView SEEN = new StreamView.Seen();
    private static final MappingKey EARLIER = new MappingKey("test", "orders", "orders", "earlier");

    private static final Share WHOLE = Share.whole("me");

    /** A mapping as it is. */
    private record Is(
            Phase phase,
            DesiredState applied,
            Observed.Shards shards,
            StreamView stream,
            boolean isRemoved,
            @Nullable String failure) {

        static Is in(Phase phase, DesiredState applied) {
            return new Is(phase, applied, new Observed.Shards(Map.of(), Map.of(), WHOLE), UNSEEN, false, null);
        }

        private static Map<String, Long> underEpoch1(String... shards) {
            Map<String, Long> epochs = new HashMap<>();
            Arrays.stream(shards).forEach(shard -> epochs.put(shard, 1L));
            return epochs;
        }

        private static Map<String, Share.Free> free(Map<String, Long> epochs) {
            Map<String, Share.Free> free = new HashMap<>();
            epochs.forEach((shard, epoch) -> free.put(shard, new Share.Free(epoch, Acquisition.of(Kind.KEPT))));
            return free;
        }

        private Is with(Observed.Shards shards) {
            return new Is(phase, applied, shards, stream, isRemoved, failure);
        }

        Is running(String... running) {
            return with(new Observed.Shards(underEpoch1(running), shards.stopped(), shards.share()));
        }

        Is hasStopped(String... stopped) {
            return with(new Observed.Shards(shards.epochs(), underEpoch1(stopped), shards.share()));
        }

        Is has(Map<String, Long> assigned) {
            return with(new Share("me", true, false, free(assigned), assigned.keySet(), Set.of(), Map.of()));
        }

        Is handsOver(String... shards) {
            return with(new Share("me", true, false, free(underEpoch1(shards)), Set.of(), Set.of(shards), Map.of()));
        }

        Is hasNotSeenOthers() {
            return with(Share.unknown("me"));
        }

        Is isBesideOwnerOf(String shard) {
            return with(new Share("me", true, false, Map.of(), Set.of(), Set.of(), Map.of(shard, "another")));
        }

        private Is with(Share share) {
            return with(new Observed.Shards(shards.epochs(), shards.stopped(), share));
        }

        Is sees(StreamView view) {
            return new Is(phase, applied, shards, view, isRemoved, failure);
        }

        Is removed() {
            return new Is(phase, applied, shards, stream, true, failure);
        }

        Is failing() {
            return new Is(phase, applied, shards, stream, isRemoved, "unreachable");
        }

        Observed observed() {
            return new Observed(phase, applied, isRemoved, shards, stream, failure);
        }
    }

    private static CheckpointRow row(String shard, ShardState state, long epoch, String... parents) {
        return new CheckpointRow(shard, state, Position.trimHorizon(), Progress.NONE, List.of(parents), epoch);
    }

    private static ShardDescription shard(String id, String... parents) {
        return new ShardDescription(id, List.of(parents));
    }

    private static StreamView.Current stream(List<ShardDescription> listed, CheckpointRow... rows) {
        return new StreamView.Current(new StreamDescription("one", listed), List.of(rows), List.of(), false);
    }

    private static final StreamView.Current ONE_SHARD = stream(List.of(shard("a")), row("a", ShardState.READING, 1));

    private static Target to(DesiredState desired) {
        return new Target(desired, false, null);
    }

    private static Target closing(DesiredState desired) {
        return new Target(desired, true, null);
    }

    private static Rest rest(Phase phase, @Nullable Long next) {
        return new Rest(phase, next);
    }

    private static Rest retry(Phase from) {
        return rest(new Phase.Waiting(from, "unreachable"), RETRY_MILLIS);
    }

    private static Arguments that(String sentence, Target target, Is is, MappingAction... actions) {
        return arguments(sentence, target, is, List.of(actions));
    }

    static Stream<Arguments> cases() {
        return Stream.of(lifeCases(), stopCases(), endCases(), shardCases(), moveCases())
                .flatMap(each -> each);
    }

    private static Stream<Arguments> lifeCases() {
        Is isNew = Is.in(STARTING, ENABLED);
        Is isResting = Is.in(RESTING, PAUSED);
        return Stream.of(
                that("a new mapping looks at its stream", to(ENABLED), isNew, new ReadStream()),
                that(
                        "a stream that it has never seen gets rows before anything is read",
                        to(ENABLED),
                        isNew.sees(stream(List.of(shard("a")))),
                        new CreateFirstRows()),
                that(
                        "with its rows it starts",
                        to(ENABLED),
                        isNew.sees(ONE_SHARD),
                        new StartShards(List.of("a")),
                        rest(RUNNING, RESYNC_MILLIS)),
                that(
                        "a replay that was given at the start comes before that",
                        new Target(ENABLED, false, "TRIM_HORIZON"),
                        isNew.sees(ONE_SHARD),
                        new ReplayAtStart("TRIM_HORIZON")),
                that("what can't be reached is tried again", to(ENABLED), isNew.failing(), retry(STARTING)),
                that(
                        "a running mapping waits as one that runs",
                        to(ENABLED),
                        Is.in(WAITING, ENABLED).running("a").failing(),
                        retry(RUNNING)),
                that(
                        "and hands over what others are to have",
                        to(ENABLED),
                        Is.in(WAITING, ENABLED).running("a").handsOver("a").failing(),
                        new HandOverShards(Set.of("a")),
                        retry(RUNNING)),
                that(
                        "and releases it when it has stopped: if that fails, the pass is over already",
                        to(ENABLED),
                        Is.in(WAITING, ENABLED)
                                .running()
                                .hasStopped("a")
                                .handsOver("a")
                                .failing(),
                        retry(RUNNING),
                        new ReleaseShards()),
                that(
                        "a running mapping follows its stream",
                        to(ENABLED),
                        Is.in(RUNNING, ENABLED).running("a").sees(SEEN),
                        new ReadStream()),
                that(
                        "and rests if nothing has changed",
                        to(ENABLED),
                        Is.in(WAITING, ENABLED).running("a").sees(ONE_SHARD),
                        rest(RUNNING, RESYNC_MILLIS)),
                that(
                        "where a disabled mapping begins is decided when it first sees its stream",
                        to(PAUSED),
                        isResting,
                        new ReadStream()),
                that(
                        "so it gets its rows",
                        to(PAUSED),
                        isResting.sees(stream(List.of(shard("a")))),
                        new CreateFirstRows()),
                that("and rests", to(PAUSED), isResting.sees(ONE_SHARD), rest(RESTING, RESYNC_MILLIS)),
                that(
                        "later it doesn't need its stream",
                        to(PAUSED),
                        isResting.sees(SEEN),
                        new ReadRows(),
                        rest(RESTING, RESYNC_MILLIS)),
                that(
                        "a replay is carried out even if it is disabled",
                        to(PAUSED.replaying("TRIM_HORIZON")),
                        Is.in(RESTING, PAUSED.replaying("TRIM_HORIZON")).sees(ONE_SHARD),
                        new ApplyReplay(new StoredReplay(6, "TRIM_HORIZON", false))));
    }

    private static Stream<Arguments> stopCases() {
        Is isRunning = Is.in(RUNNING, ENABLED).running("a").sees(SEEN);
        Is isStopping = Is.in(STOPPING, ENABLED).running("a").sees(SEEN);
        Rest waitsForShards = rest(STOPPING, null);
        return Stream.of(
                that("a pause stops it", to(PAUSED.at(6)), isRunning, new Withdraw(), new StopShards(), waitsForShards),
                that("an update, too", to(UPDATED), isRunning, new StopShards(), waitsForShards),
                that("a replay, too", to(REPLAYED), isRunning, new StopShards(), waitsForShards),
                that(
                        "a replay that another process has carried out, too",
                        to(REPLAYED_ELSEWHERE),
                        isRunning,
                        new StopShards(),
                        waitsForShards),
                that(
                        "one that waits for its stream is stopped as well",
                        to(UPDATED),
                        Is.in(WAITING, ENABLED).running("a"),
                        new StopShards(),
                        waitsForShards),
                that("shards are stopped once", to(UPDATED), isStopping, waitsForShards),
                that("and waited for if all is as it was again", to(ENABLED.at(7)), isStopping, waitsForShards),
                that("or if the store can't be reached meanwhile", to(UPDATED), isStopping.failing(), waitsForShards),
                that("then the new state is applied", to(UPDATED), isStopping.running(), new Apply(UPDATED)),
                that(
                        "also while the store can't be reached",
                        to(PAUSED.at(6)),
                        isStopping.running().failing(),
                        new Apply(PAUSED.at(6))),
                that(
                        "what is in nobody's way is applied while shards run",
                        to(ENABLED.at(7)),
                        isRunning,
                        new Apply(ENABLED.at(7))),
                that(
                        "a replay looks at the stream first",
                        to(REPLAYED),
                        Is.in(RUNNING, REPLAYED).sees(SEEN),
                        new ReadStream()),
                that(
                        "and replaces rows while nothing runs",
                        to(REPLAYED),
                        Is.in(RUNNING, REPLAYED).sees(ONE_SHARD),
                        new ApplyReplay(new StoredReplay(6, "TRIM_HORIZON", false))));
    }

    private static Stream<Arguments> endCases() {
        Is isRunning = Is.in(RUNNING, ENABLED).running("a").sees(SEEN);
        Rest stopped = rest(new Phase.Ended(Phase.End.STOPPED), null);
        Rest removed = rest(new Phase.Ended(Phase.End.DELETED), null);
        return Stream.of(
                that(
                        "a process that stops waits for its shards",
                        closing(ENABLED),
                        isRunning,
                        new Withdraw(),
                        new StopShards(),
                        rest(STOPPING, null)),
                that("then it is over", closing(ENABLED), isRunning.running(), stopped),
                that("store or no store", closing(ENABLED), isRunning.running().failing(), stopped),
                that("what was accepted and not carried out stays", closing(UPDATED), isRunning.running(), stopped),
                that(
                        "a deletion waits for the shards",
                        to(DELETED),
                        isRunning,
                        new Withdraw(),
                        new StopShards(),
                        rest(STOPPING, null)),
                that("then the mapping is removed", to(DELETED), isRunning.running(), new Remove(6)),
                that("which is tried again", to(DELETED), isRunning.running().failing(), retry(RUNNING)),
                that("also by a process that stops", closing(DELETED), isRunning.running(), new Remove(6)),
                that("if it can at once", closing(DELETED), isRunning.running().failing(), stopped),
                that("what is removed is over", to(DELETED), isRunning.running().removed(), removed),
                that(
                        "what another process has removed stops",
                        to(ENABLED),
                        isRunning.removed(),
                        new Withdraw(),
                        new StopShards(),
                        rest(STOPPING, null)),
                that("and is over", to(ENABLED), isRunning.running().removed(), removed));
    }

    private static Stream<Arguments> shardCases() {
        Is isRunning = Is.in(RUNNING, ENABLED).running("a");
        Rest running = rest(RUNNING, RESYNC_MILLIS);
        CheckpointRow a = row("a", ShardState.READING, 1);
        List<ShardDescription> split = List.of(shard("a"), shard("b", "a"));
        return Stream.of(
                that(
                        "a shard that came later gets a row",
                        to(ENABLED),
                        isRunning.sees(stream(split, a)),
                        new CreateRows(List.of(shard("b", "a")))),
                that(
                        "a child waits for its parent",
                        to(ENABLED),
                        isRunning.sees(stream(split, a, row("b", ShardState.READING, 0, "a"))),
                        running),
                that(
                        "and starts when that has ended",
                        to(ENABLED),
                        isRunning
                                .running()
                                .sees(stream(
                                        split, row("a", ShardState.ENDED, 1), row("b", ShardState.READING, 0, "a"))),
                        new StartShards(List.of("b")),
                        running),
                that(
                        "rows of shards that the stream has forgotten are deleted",
                        to(ENABLED),
                        isRunning.sees(stream(List.of(shard("a")), a, row("old", ShardState.ENDED, 1))),
                        new DeleteRows(List.of("old")),
                        running),
                that(
                        "but not those of shards that are still consumed",
                        to(ENABLED),
                        isRunning
                                .running("a", "old")
                                .sees(stream(List.of(shard("a")), a, row("old", ShardState.READING, 1))),
                        running),
                that(
                        "rows on incarnations of the stream that are gone are deleted",
                        to(ENABLED),
                        isRunning.sees(
                                new StreamView.Current(ONE_SHARD.listing(), ONE_SHARD.rows(), List.of(EARLIER), false)),
                        new DeleteIncarnations(List.of(EARLIER)),
                        running),
                that(
                        "but only when there are rows on the present one",
                        to(ENABLED),
                        isRunning
                                .running()
                                .sees(new StreamView.Current(ONE_SHARD.listing(), List.of(), List.of(EARLIER), false)),
                        new CreateFirstRows()),
                that(
                        "a shard that another process has taken is given up",
                        to(ENABLED),
                        isRunning.sees(stream(List.of(shard("a")), row("a", ShardState.READING, 2))),
                        new YieldShards(Set.of("a")),
                        running),
                that(
                        "a shard whose row is gone, too",
                        to(ENABLED),
                        isRunning.sees(stream(List.of(shard("b")), row("b", ShardState.READING, 0))),
                        new YieldShards(Set.of("a")),
                        new StartShards(List.of("b")),
                        running),
                that(
                        "a shard that another process consumes is left to it",
                        to(ENABLED),
                        isRunning.running().sees(ONE_SHARD).isBesideOwnerOf("a"),
                        running),
                that(
                        "a child waits for a parent that another process consumes and the stream has forgotten",
                        to(ENABLED),
                        isRunning
                                .running()
                                .sees(stream(List.of(shard("b", "a")), row("b", ShardState.READING, 1, "a")))
                                .isBesideOwnerOf("a"),
                        running),
                that(
                        "nothing is done before the other processes were seen",
                        to(ENABLED),
                        isRunning
                                .running()
                                .sees(stream(
                                        List.of(shard("b")),
                                        row("a", ShardState.READING, 1),
                                        row("b", ShardState.READING, 1)))
                                .hasNotSeenOthers(),
                        running),
                that(
                        "a shard that this process is to have is taken",
                        to(ENABLED),
                        isRunning.running().sees(ONE_SHARD).has(Map.of("a", 1L)),
                        new StartShards(List.of("a")),
                        running),
                that(
                        "but not if it was taken since that was determined",
                        to(ENABLED),
                        isRunning.running().sees(ONE_SHARD).has(Map.of("a", 0L)),
                        running),
                that(
                        "a shard that another process is to have is stopped",
                        to(ENABLED),
                        isRunning.sees(ONE_SHARD).handsOver("a"),
                        new HandOverShards(Set.of("a")),
                        running),
                that(
                        "and released",
                        to(ENABLED),
                        isRunning.running().hasStopped("a").sees(ONE_SHARD).handsOver("a"),
                        new ReleaseShards(),
                        running),
                that(
                        "so is one that is owned and has never been consumed, because nobody heard that it was taken",
                        to(ENABLED),
                        isRunning.running().sees(ONE_SHARD).handsOver("a"),
                        new ReleaseShards(),
                        running));
    }

    static Stream<Arguments> besideOthers() {
        Is isPaused = Is.in(RESTING, PAUSED).hasStopped("a");
        Is isReplayed = Is.in(RUNNING, REPLAYED).sees(ONE_SHARD);
        Is isDeleted = Is.in(RUNNING, DELETED).hasStopped("a");
        return Stream.of(
                that("a pause releases what was stopped", to(PAUSED), isPaused.has(Map.of()), new ReleaseShards()),
                that("a process alone has nobody to release shards for", to(PAUSED), isPaused, new ReadStream()),
                that("so does a deletion", to(DELETED), isDeleted.has(Map.of()), new ReleaseShards()),
                that(
                        "a deletion waits for the other processes",
                        to(DELETED),
                        Is.in(RUNNING, DELETED).isBesideOwnerOf("a"),
                        new Rest(STOPPING, RETRY_MILLIS)),
                that(
                        "a stop releases, too",
                        new Target(ENABLED, true, null),
                        Is.in(RUNNING, ENABLED).hasStopped("a").has(Map.of()),
                        new ReleaseShards()),
                that(
                        "unless the database fails",
                        new Target(ENABLED, true, null),
                        Is.in(RUNNING, ENABLED).hasStopped("a").has(Map.of()).failing(),
                        new Rest(new Phase.Ended(Phase.End.STOPPED), null)),
                that(
                        "a replay releases what was stopped",
                        to(REPLAYED),
                        isReplayed.hasStopped("a").has(Map.of()),
                        new ReleaseShards()),
                that(
                        "and waits until no other process consumes the stream",
                        to(REPLAYED),
                        isReplayed.isBesideOwnerOf("a"),
                        new Rest(RUNNING, RETRY_MILLIS)),
                that(
                        "also if that one has taken it just now",
                        to(REPLAYED),
                        isReplayed.has(Map.of("a", 0L)),
                        new Rest(RUNNING, RETRY_MILLIS)),
                that(
                        "a replay that was given at the start is for a stream that no other process consumes",
                        new Target(ENABLED, false, "TRIM_HORIZON"),
                        Is.in(STARTING, ENABLED).sees(ONE_SHARD).isBesideOwnerOf("a"),
                        new DropReplayAtStart()),
                that(
                        "which is not known before it has seen the others",
                        to(REPLAYED),
                        isReplayed.hasNotSeenOthers(),
                        new Rest(RUNNING, RETRY_MILLIS)));
    }

    private static StreamView.Current moved(StreamView.Current stream) {
        return new StreamView.Current(stream.listing(), stream.rows(), stream.gone(), true);
    }

    private static Stream<Arguments> moveCases() {
        Is isRunning = Is.in(RUNNING, ENABLED);
        Is isResting = Is.in(RESTING, PAUSED);
        List<ShardDescription> two = List.of(shard("a"), shard("b"));
        CheckpointRow ended = row("a", ShardState.ENDED, 1);
        CheckpointRow skipped = row("b", ShardState.SKIPPED, 0);
        CheckpointRow reading = row("b", ShardState.READING, 0);
        Rest running = rest(RUNNING, RESYNC_MILLIS);
        return Stream.of(
                that(
                        "a stream that was moved is read to its end",
                        to(ENABLED),
                        isRunning.sees(moved(stream(two, ended, reading))),
                        new StartShards(List.of("b")),
                        running),
                that(
                        "a shard that is listed without a row has not ended",
                        to(ENABLED),
                        isRunning.sees(moved(stream(two, ended))),
                        new CreateRows(List.of(shard("b")))),
                that(
                        "nor has a mapping without rows read anything",
                        to(ENABLED),
                        isRunning.sees(moved(stream(two))),
                        new CreateFirstRows()),
                that(
                        "when all its shards are ended or skipped its successor is read",
                        to(ENABLED),
                        isRunning.sees(moved(stream(two, ended, skipped))),
                        new ReadSuccessor()),
                that(
                        "but not before nothing of it runs here any more",
                        to(ENABLED),
                        isRunning.running("a").sees(moved(stream(two, ended, skipped))),
                        running),
                that(
                        "a shard that it lists no more has no records left",
                        to(ENABLED),
                        isRunning.sees(moved(stream(List.of(), reading))),
                        new ReadSuccessor()),
                that(
                        "rows of shards that it has forgotten stay, to say that it was read",
                        to(ENABLED),
                        isRunning
                                .running("b")
                                .sees(moved(stream(List.of(shard("b")), ended, row("b", ShardState.READING, 1)))),
                        running),
                that(
                        "a disabled mapping that has read it gets its rows on the successor",
                        to(PAUSED),
                        isResting.sees(moved(stream(two, ended, skipped))),
                        new ReadSuccessor()),
                that(
                        "a disabled mapping that has not waits",
                        to(PAUSED),
                        isResting.sees(moved(stream(two, ended, reading))),
                        rest(RESTING, RESYNC_MILLIS)),
                that(
                        "a replay of a stream that was not read to its end is one of that",
                        to(REPLAYED),
                        Is.in(RUNNING, REPLAYED).sees(moved(stream(two, ended, reading))),
                        new ApplyReplay(new StoredReplay(6, "TRIM_HORIZON", false))),
                that(
                        "afterwards it is one of the successor",
                        to(REPLAYED),
                        Is.in(RUNNING, REPLAYED).sees(moved(stream(two, ended, skipped))),
                        new ReadSuccessor()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"cases", "besideOthers"})
    void decides(String sentence, Target target, Is is, List<MappingAction> actions) {
        assertThat(Reconciliation.decide(target, is.observed())).isEqualTo(actions);
    }

    @Test
    void a_stream_is_drained_when_each_of_its_shards_is_finished_by_its_row_or_drained_here() {
        StreamView.Current stream = stream(
                List.of(shard("ended"), shard("skipped"), shard("here")),
                row("ended", ShardState.ENDED, 1),
                row("skipped", ShardState.SKIPPED, 0),
                row("here", ShardState.READING, 2));

        assertThat(Reconciliation.isDrained(stream, Map.of("here", 2L))).isTrue();
        assertThat(Reconciliation.isDrained(stream, Map.of("here", 1L))).isFalse();
        assertThat(Reconciliation.isDrained(stream, Map.of())).isFalse();
        assertThat(Reconciliation.isDrained(stream(List.of(shard("unknown"))), Map.of()))
                .isFalse();
    }

    @Test
    void a_stream_that_was_moved_is_not_drained_before_its_successor() {
        StreamView.Current stream = stream(List.of(shard("a")), row("a", ShardState.ENDED, 1));

        assertThat(Reconciliation.isDrained(stream, Map.of())).isTrue();
        assertThat(Reconciliation.isDrained(moved(stream), Map.of())).isFalse();
    }

    @Test
    void a_mapping_that_is_enabled_again_starts_and_one_that_only_changes_stays_in_its_phase() {
        assertThat(RESTING.under(ENABLED)).isEqualTo(new Phase.Starting(false));
        assertThat(STOPPING.under(ENABLED)).isEqualTo(RUNNING);
        assertThat(WAITING.under(ENABLED)).isEqualTo(RUNNING);
        assertThat(STARTING.under(ENABLED)).isEqualTo(STARTING);
        assertThat(STARTING.under(PAUSED)).isEqualTo(RESTING);
    }
}
