package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.Takes;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a transactional mapping delivers: what was committed never again, and nothing that was rolled back as done. */
class TransactionsTest {

    private final World world = new World(1);
    private final String shard = world.stream.shardIds().get(0);

    private EventSourceMapping transactional(FailureHandling rules) {
        return world.mapping().with(rules.withTransactions());
    }

    private void put(String digits) {
        digits.chars().forEach(digit -> world.stream.put(Character.toString(digit)));
    }

    private MappingKey key() {
        return new MappingKey(
                World.NAMESPACE, "orders", "orders", world.stream.describe().incarnation());
    }

    @Test
    void what_was_finished_just_before_a_crash_is_delivered_again_unless_it_was_committed() {
        assertThat(deliveredAroundCrash(world.mapping())).containsExactly("1", "2", "2");
        assertThat(new TransactionsTest().deliveredAroundCrash(transactional(FailureHandling.defaults())))
                .containsExactly("1", "2");
    }

    private List<String> deliveredAroundCrash(EventSourceMapping mapping) {
        put("1");
        world.start(mapping);
        put("2"); // finished at once, and saved after the interval only
        world.time.settle();
        world.crash();
        world.start(mapping).advance(Duration.ofSeconds(1));
        return world.function.digits();
    }

    @Test
    void what_one_lane_has_committed_stays_whatever_others_save() {
        EventSourceMapping mapping = transactional(FailureHandling.defaults())
                .with(Batching.defaults().withFactor(10).withBatchSize(1));
        world.function.takes(invocation -> invocation.lane() == 0 ? 5_000 : 0);
        for (int key = 0; key < 40; key++) {
            world.stream.put(shard, "key-" + key, "text-" + key);
        }
        world.start(mapping).advance(Duration.ofMillis(50));
        long committed = world.function.deliveries().stream()
                .filter(delivery -> delivery.invocation().lane() != 0)
                .count();
        world.crash();
        world.function.takes(invocation -> 0);
        int before = world.function.deliveries().size();
        world.start(mapping).advance(Duration.ofSeconds(1));

        assertThat(committed).isPositive();
        assertThat(world.function.deliveries().size() - before).isEqualTo(40 - committed);
    }

    @Test
    void the_good_records_of_a_batch_that_failed_in_part_are_invoked_again_by_themselves() {
        world.function.reports("3");
        put("1234");
        world.start(transactional(FailureHandling.defaults()
                        .withReportBatchItemFailures()
                        .withMaximumRetryAttempts(1)
                        .withDestination("fake")))
                .advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("1234", "12", "34", "34");
        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .as("no attempt is used up by what was rolled back")
                .containsExactly(1, 1, 1, 2);
        assertThat(world.destination.digits()).containsExactly("34");
    }

    @Test
    void who_has_lost_the_shard_meanwhile_has_finished_nothing() {
        world.function.takes(invocation -> 1_000);
        put("1");
        world.start(transactional(FailureHandling.defaults()));
        Takes.take(world.store(), key(), shard, "another process");
        world.advance(Duration.ofMillis(1_500)); // then it is taken back, as there can be no other process

        assertThat(world.row(shard).progress().ahead()).isEmpty();
        assertThat(world.row(shard).progress().watermark()).isNull();
    }

    @Test
    void what_was_committed_without_an_answer_is_not_invoked_again() {
        put("12");
        world.with(unheard(true)).start(transactional(FailureHandling.defaults()));
        put("3");
        world.advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("12", "3");
        assertThat(world.row(shard).progress().watermark()).isEqualTo(last());
    }

    @Test
    void what_was_rolled_back_without_an_answer_is_invoked_again_and_uses_up_no_attempt() {
        put("12");
        world.with(unheard(false))
                .start(transactional(FailureHandling.defaults().withMaximumRetryAttempts(0)))
                .advance(Duration.ofSeconds(10));

        assertThat(world.function.digits()).containsExactly("12", "12");
        assertThat(world.row(shard).progress().watermark()).isEqualTo(last());
    }

    private SequenceNumber last() {
        List<Record> records = world.stream.records(shard);
        return records.get(records.size() - 1).sequenceNumber();
    }

    /** The answer to the first commit is lost. */
    private FunctionTransactions unheard(boolean committed) {
        FunctionTransactions transactions = ((InMemoryCheckpointStore) world.store()).transactions();
        boolean[] isFirst = {true};
        return () -> {
            FunctionTransaction transaction = transactions.begin();
            return new FunctionTransaction() {
                @Override
                public boolean isFinished(LaneCommit commit) {
                    return transaction.isFinished(commit);
                }

                @Override
                public Outcome commit(LaneCommit commit) {
                    Outcome outcome = isFirst[0] && !committed ? Outcome.NOT_OWNED : transaction.commit(commit);
                    if (isFirst[0]) {
                        isFirst[0] = false;
                        throw new CheckpointStoreException("the answer is lost", null);
                    }
                    return outcome;
                }

                @Override
                public void close() {
                    transaction.close();
                }
            };
        };
    }

    @Test
    void a_replay_delivers_again_what_was_committed() {
        put("12");
        EventSourceMapping mapping = transactional(FailureHandling.defaults());
        world.start(mapping).advance(Duration.ofSeconds(1));
        world.await(world.mappings().replay("orders", new Replay.FromTrimHorizon()));
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("12", "12");
    }
}
