package io.shardmill.poller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.ForwardingStore;
import io.shardmill.poller.testkit.World;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hundreds of random moves of a stream that is in use, each from its seed alone, and bugs that they find. */
class MoveSimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.moves", 600);

    private static final String OLD = "incarnation-1";

    /** The successor is read when one shard of the predecessor is ended. */
    private static final MoveSchedule.Plant ONE_ENDED_SHARD_IS_ENOUGH = new MoveSchedule.Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store) {
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointRow> load(MappingKey key) {
                    List<CheckpointRow> rows = super.load(key);
                    boolean isEnough = key.incarnation().equals(OLD)
                            && rows.stream().anyMatch(row -> row.state() == ShardState.ENDED);
                    return isEnough
                            ? rows.stream().map(MoveSimulationTest::ended).toList()
                            : rows;
                }
            };
        }
    };

    private static CheckpointRow ended(CheckpointRow row) {
        return new CheckpointRow(
                row.shard(), ShardState.ENDED, row.start(), row.progress(), row.parents(), row.epoch());
    }

    /** The successor is read when all shards of the predecessor are ended that have rows, whether all are there or not. */
    private static final MoveSchedule.Plant SHARDS_WITHOUT_ROWS_DO_NOT_COUNT = new MoveSchedule.Plant() {
        @Override
        public StreamSource predecessor(StreamSource old, CheckpointStore store) {
            return new ForwardingSource(old) {
                @Override
                public StreamDescription describe() {
                    StreamDescription listing = super.describe();
                    MappingKey key = new MappingKey(World.NAMESPACE, "orders", "orders", listing.incarnation());
                    List<String> known =
                            store.load(key).stream().map(CheckpointRow::shard).toList();
                    return known.isEmpty()
                            ? listing
                            : new StreamDescription(
                                    listing.incarnation(),
                                    listing.shards().stream()
                                            .filter(shard -> known.contains(shard.id()))
                                            .toList());
                }
            };
        }
    };

    /** What is put into the successor before the predecessor has ended is left out. */
    private static final MoveSchedule.Plant SUCCESSOR_FROM_LATEST = new MoveSchedule.Plant() {
        @Override
        public StartingPosition next() {
            return new StartingPosition.Latest();
        }
    };

    @Test
    void whatever_happens_nothing_is_lost_and_the_old_stream_comes_before_the_new_one() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(MoveSchedule.play(seed, MoveSchedule.Plant.NONE))
                    .as("seed %s", seed)
                    .isNull();
        }
    }

    @Test
    void finds_a_gate_that_one_ended_shard_opens() {
        assertThat(seedsThatFind(ONE_ENDED_SHARD_IS_ENOUGH)).isPositive();
    }

    @Test
    void finds_a_gate_that_shards_without_rows_do_not_close() {
        assertThat(seedsThatFind(SHARDS_WITHOUT_ROWS_DO_NOT_COUNT)).isPositive();
    }

    @Test
    void finds_a_successor_that_is_read_from_LATEST() {
        assertThat(seedsThatFind(SUCCESSOR_FROM_LATEST)).isPositive();
    }

    private static long seedsThatFind(MoveSchedule.Plant bug) {
        long found = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            found += MoveSchedule.play(seed, bug) == null ? 0 : 1;
        }
        System.out.println(found + " of " + SEEDS + " seeds find it");
        return found;
    }
}
