package io.shardmill.poller.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the transactions of functions promise, beside the rows of the store that they belong to. */
public abstract class FunctionTransactionsContract {

    protected static final MappingKey KEY = new MappingKey("shop", "orders-mapping", "orders", "2026-11-23T08:00:00Z");
    protected static final String SHARD = "shardId-000000000000";
    private static final String OTHER = "shardId-000000000001";

    /** The store under test, empty before each test. */
    protected abstract CheckpointStore store();

    protected abstract FunctionTransactions transactions();

    private CheckpointRow mine;

    @BeforeEach
    protected void take() {
        store().create(KEY, List.of(begin(SHARD), begin(OTHER)));
        mine = Takes.take(store(), KEY, SHARD, "me");
    }

    private static CheckpointRow begin(String shard) {
        return CheckpointRow.begin(shard, ShardState.READING, Position.trimHorizon(), List.of());
    }

    protected final LaneCommit commitOf(LaneFact fact) {
        return new LaneCommit(KEY, SHARD, "me", mine.epoch(), fact);
    }

    protected static LaneFact fact(int lane, int factor, long through) {
        return new LaneFact(lane, factor, number(through));
    }

    private static SequenceNumber number(long value) {
        return SequenceNumber.parse(Long.toString(value));
    }

    protected final Outcome commit(LaneCommit commit) {
        try (FunctionTransaction transaction = transactions().begin()) {
            return transaction.commit(commit);
        }
    }

    protected final List<LaneFact> facts() {
        return progress().ahead();
    }

    private Progress progress() {
        return store().load(KEY).stream()
                .filter(row -> row.shard().equals(SHARD))
                .findFirst()
                .orElseThrow()
                .progress();
    }

    private void save(Progress progress) {
        assertThat(store().save(List.of(
                        new CheckpointUpdate(KEY, SHARD, "me", mine.epoch(), ShardState.READING, progress))))
                .isEmpty();
    }

    @Test
    void a_row_is_read_and_taken_with_its_facts() {
        assertThat(commit(commitOf(fact(3, 10, 12)))).isEqualTo(Outcome.COMMITTED);

        assertThat(facts()).containsExactly(fact(3, 10, 12));
        assertThat(Takes.take(store(), KEY, SHARD, "you").progress().ahead()).containsExactly(fact(3, 10, 12));
        assertThat(Takes.take(store(), KEY, OTHER, "you").progress()).isEqualTo(Progress.NONE);
    }

    @Test
    void a_save_of_progress_leaves_the_facts_of_lanes_as_they_are() {
        commit(commitOf(fact(0, 10, 5)));
        save(new Progress(null, List.of(fact(1, 10, 4)), List.of()));
        commit(commitOf(fact(1, 10, 9)));
        save(new Progress(null, List.of(fact(1, 10, 4)), List.of()));

        assertThat(facts()).containsExactlyInAnyOrder(fact(0, 10, 5), fact(1, 10, 9));
    }

    @Test
    void a_fact_that_the_watermark_has_passed_says_nothing() {
        commit(commitOf(fact(0, 2, 5)));
        commit(commitOf(fact(1, 2, 8)));
        save(new Progress(number(6), List.of(), List.of()));

        assertThat(progress()).isEqualTo(new Progress(number(6), List.of(fact(1, 2, 8)), List.of()));
    }

    @Test
    void lanes_of_another_factor_and_of_unpacked_records_are_other_lanes() {
        LaneFact unpacked = new LaneFact(0, 10, number(7).withSubSequence(3), true);
        commit(commitOf(fact(0, 10, 5)));
        commit(commitOf(fact(0, 2, 4)));
        commit(commitOf(unpacked));

        assertThat(facts()).containsExactlyInAnyOrder(fact(0, 10, 5), fact(0, 2, 4), unpacked);
    }

    @Test
    void what_is_finished_is_not_committed_again_and_a_fact_is_never_lowered() {
        commit(commitOf(fact(0, 10, 1_000)));

        assertThat(commit(commitOf(fact(0, 10, 1_000)))).isEqualTo(Outcome.FINISHED_BEFORE);
        assertThat(commit(commitOf(fact(0, 10, 999)))).isEqualTo(Outcome.FINISHED_BEFORE);
        assertThat(facts()).containsExactly(fact(0, 10, 1_000));
        assertThat(commit(commitOf(fact(0, 10, 10_000)))).isEqualTo(Outcome.COMMITTED);
        assertThat(facts()).containsExactly(fact(0, 10, 10_000));
    }

    @Test
    void nothing_is_committed_or_saved_that_relies_on_a_fact_which_is_not_there() {
        LaneCommit second = new LaneCommit(KEY, SHARD, "me", mine.epoch(), fact(0, 10, 9), fact(0, 10, 5));
        CheckpointUpdate update = new CheckpointUpdate(
                KEY,
                SHARD,
                "me",
                mine.epoch(),
                ShardState.READING,
                new Progress(number(7), List.of(), List.of()),
                true,
                List.of(fact(0, 10, 5)));
        CheckpointUpdate other = new CheckpointUpdate(
                KEY,
                OTHER,
                "me",
                Takes.take(store(), KEY, OTHER, "me").epoch(),
                ShardState.READING,
                new Progress(number(1), List.of(), List.of()));
        commit(commitOf(fact(0, 10, 4)));
        commit(commitOf(fact(1, 10, 6)));

        assertThat(commit(second)).isEqualTo(Outcome.NOT_OWNED);
        assertThat(store().save(List.of(update, other))).containsExactly(update);
        assertThat(facts()).containsExactlyInAnyOrder(fact(0, 10, 4), fact(1, 10, 6));

        commit(commitOf(fact(0, 10, 5)));
        assertThat(store().save(List.of(update, other))).isEmpty();
        assertThat(commit(second)).isEqualTo(Outcome.COMMITTED);
    }

    @Test
    void tells_whether_a_lane_is_finished_so_far() {
        commit(commitOf(fact(0, 10, 100)));
        try (FunctionTransaction transaction = transactions().begin()) {
            assertThat(transaction.isFinished(commitOf(fact(0, 10, 100)))).isTrue();
            assertThat(transaction.isFinished(commitOf(fact(0, 10, 99)))).isTrue();
            assertThat(transaction.isFinished(commitOf(fact(0, 10, 101)))).isFalse();
            assertThat(transaction.isFinished(commitOf(fact(1, 10, 1)))).isFalse();
        }
    }

    @Test
    void who_has_lost_the_shard_commits_nothing() {
        LaneCommit late = commitOf(fact(0, 10, 5));
        Takes.take(store(), KEY, SHARD, "you");
        assertThat(commit(late)).isEqualTo(Outcome.NOT_OWNED);

        Takes.take(store(), KEY, SHARD, "me");
        assertThat(commit(late)).as("under an earlier epoch").isEqualTo(Outcome.NOT_OWNED);
        assertThat(facts()).isEmpty();
    }

    @Test
    void a_released_shard_is_nobodys_to_commit() {
        store().release(KEY, Map.of(SHARD, mine.epoch()), "me");
        assertThat(commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.NOT_OWNED);
    }

    @Test
    void a_replay_ends_facts_and_shuts_out_commits_of_before() {
        commit(commitOf(fact(0, 10, 5)));
        store().replace(KEY, List.of(begin(SHARD)));

        assertThat(facts()).isEmpty();
        assertThat(commit(commitOf(fact(0, 10, 6)))).isEqualTo(Outcome.NOT_OWNED);
        mine = Takes.take(store(), KEY, SHARD, "me");
        assertThat(mine.progress()).isEqualTo(Progress.NONE);
        assertThat(commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.COMMITTED);
    }

    @Test
    void a_shard_that_was_deleted_and_created_again_has_no_facts() {
        commit(commitOf(fact(0, 10, 5)));
        store().delete(KEY, List.of(SHARD));
        assertThat(commit(commitOf(fact(0, 10, 6)))).isEqualTo(Outcome.NOT_OWNED);

        store().create(KEY, List.of(begin(SHARD)));
        assertThat(progress()).isEqualTo(Progress.NONE);
    }

    @Test
    void a_transaction_that_is_closed_has_done_nothing() {
        transactions().begin().close();
        assertThat(facts()).isEmpty();
    }
}
