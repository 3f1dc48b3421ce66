package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.testkit.ForwardingStore;
import java.util.List;

/** Bugs that the transactions of functions could have, each planted where the database commits them. */
final class PlantedTransactionBugs {

    private PlantedTransactionBugs() {}

    /** A lane writes what it has finished into the whole row, where the next save of another lane's progress erases it. */
    static final Plant LANE_WRITES_THE_WHOLE_ROW = new Plant() {
        @Override
        public Outcome commit(InMemoryCheckpointStore rows, LaneCommit commit) {
            Progress progress = rows.load(commit.key()).stream()
                    .filter(row -> row.shard().equals(commit.shard()))
                    .findFirst()
                    .map(CheckpointRow::progress)
                    .orElse(Progress.NONE);
            if (progress.ahead().stream().anyMatch(fact -> fact.covers(commit.fact()))) {
                return Outcome.FINISHED_BEFORE;
            }
            CheckpointUpdate whole = new CheckpointUpdate(
                    commit.key(),
                    commit.shard(),
                    commit.owner(),
                    commit.epoch(),
                    ShardState.READING,
                    progress.with(List.of(commit.fact())));
            return rows.save(List.of(whole)).isEmpty() ? Outcome.COMMITTED : Outcome.NOT_OWNED;
        }
    };

    /** The owner of the shard is not checked. */
    static final Plant COMMITS_ARE_NOT_FENCED = new Plant() {
        @Override
        public Outcome commit(InMemoryCheckpointStore rows, LaneCommit commit) {
            ShardOwnership now = rows.unfinished(commit.key().namespace()).stream()
                    .filter(shard -> shard.mapping().equals(commit.key())
                            && shard.shard().equals(commit.shard())
                            && shard.owner() != null)
                    .findFirst()
                    .orElseGet(() -> new ShardOwnership(
                            commit.key(), commit.shard(), commit.owner(), commit.epoch(), List.of()));
            return rows.transactions()
                    .begin()
                    .commit(new LaneCommit(
                            commit.key(), commit.shard(), String.valueOf(now.owner()), now.epoch(), commit.fact()));
        }
    };

    /** What a commit with a lost result has finished is written once more. */
    static final Plant FINISHED_IS_WRITTEN_AGAIN = new Plant() {
        @Override
        public Outcome commit(InMemoryCheckpointStore rows, LaneCommit commit) {
            Outcome ended = rows.transactions().begin().commit(commit);
            return ended == Outcome.FINISHED_BEFORE ? Outcome.COMMITTED : ended;
        }

        @Override
        public boolean isFinished(InMemoryCheckpointStore rows, LaneCommit commit) {
            return false;
        }
    };

    /** It is not checked whether earlier commits are there: after a failover it counts as finished, and is lost. */
    static final Plant LOST_COMMITS_COUNT = new Plant() {
        @Override
        public Outcome commit(InMemoryCheckpointStore rows, LaneCommit commit) {
            return rows.transactions()
                    .begin()
                    .commit(new LaneCommit(
                            commit.key(), commit.shard(), commit.owner(), commit.epoch(), commit.fact()));
        }

        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
                    List<CheckpointUpdate> missed =
                            super.save(updates.stream().map(this::unchecked).toList());
                    return updates.stream()
                            .filter(update -> missed.contains(unchecked(update)))
                            .toList();
                }

                private CheckpointUpdate unchecked(CheckpointUpdate update) {
                    return new CheckpointUpdate(
                            update.key(),
                            update.shard(),
                            update.owner(),
                            update.epoch(),
                            update.state(),
                            update.progress(),
                            update.windowStateChanged());
                }
            };
        }
    };

    /** The fact says more than the batch: it takes along what another lane has not finished. */
    static final Plant FACT_OF_THE_WHOLE_SHARD = new Plant() {
        @Override
        public Outcome commit(InMemoryCheckpointStore rows, LaneCommit commit) {
            LaneFact whole = new LaneFact(0, 1, commit.fact().through());
            return rows.transactions()
                    .begin()
                    .commit(new LaneCommit(commit.key(), commit.shard(), commit.owner(), commit.epoch(), whole));
        }
    };
}
