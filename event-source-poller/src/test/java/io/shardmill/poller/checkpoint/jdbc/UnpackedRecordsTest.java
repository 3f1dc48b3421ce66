package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.ScriptedFunction.Delivery;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that were unpacked from one, in lives that end between them. An invocation takes a second. */
class UnpackedRecordsTest {

    private static final Duration LIFE = Duration.ofMillis(1_500); // finishes one, saves it, and is at the next
    private static final Duration LONG = Duration.ofMinutes(1);

    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private final World world = new World(1);
    private final String shard = world.stream.shardIds().get(0);

    @BeforeEach
    void createTables() {
        CheckpointSchema.create(pool);
        world.with(new JdbcCheckpointStore(pool, world.time));
        world.function.takes(invocation -> 1_000);
    }

    @AfterEach
    void close() {
        pool.dispose();
    }

    private EventSourceMapping oneByOne(int factor) {
        return world.mapping().with(Batching.defaults().withBatchSize(1).withFactor(factor));
    }

    private String delivered() {
        return String.join("", world.function.digits());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void a_life_goes_on_with_the_record_that_the_killed_one_was_at(int finished) {
        world.stream.put("a");
        world.stream.putAggregated("1", "2", "3", "4");
        world.stream.put("b");
        world.start(oneByOne(1)).advance(Duration.ofMillis(1_000L * finished + 500));
        world.crash();
        world.start(oneByOne(1)).advance(LONG);

        assertThat(delivered()).isEqualTo("a1234b".substring(0, finished + 1) + "a1234b".substring(finished));
        assertThat(world.row(shard).progress().watermark()).isEqualTo(SequenceNumber.of(30));
    }

    @Test
    void killed_in_each_record_nothing_is_lost_and_only_the_one_in_work_comes_again() {
        world.stream.put("a");
        world.stream.putAggregated("1", "2", "3");
        world.stream.putAggregated("4", "5");
        for (int life = 0; life < 5; life++) {
            world.start(oneByOne(1)).advance(LIFE);
            world.crash();
        }
        world.start(oneByOne(1)).advance(LONG);

        assertThat(delivered()).isEqualTo("a11223344" + "55");
        assertThat(world.row(shard).progress().watermark())
                .isEqualTo(SequenceNumber.of(30).withSubSequence(2));
    }

    @Test
    void a_lane_that_is_ahead_stays_so_though_its_records_came_in_one_with_those_of_a_lane_that_hangs() {
        List<Record> unpacked = world.stream.putAggregated("1", "2", "3", "4", "5", "6");
        world.stream.put("a");
        world.function.takes(invocation -> invocation.records().get(0).text().equals("1") ? LONG.toMillis() : 100);
        world.start(oneByOne(3)).advance(Duration.ofSeconds(5));
        List<String> finished = world.function.deliveries().stream()
                .filter(delivery -> !world.function.running().contains(delivery))
                .map(Delivery::digits)
                .toList();
        int before = world.function.digits().size();
        assertThat(finished).as("what other lanes have finished").isNotEmpty().doesNotContain("1");
        assertThat(world.row(shard).progress().watermark()).isNull();
        assertThat(world.row(shard).progress().ahead()).isNotEmpty().allMatch(LaneFact::unpacked);
        world.crash();
        world.start(oneByOne(3)).advance(LONG.multipliedBy(2));

        List<String> after =
                world.function.digits().subList(before, world.function.digits().size());
        assertThat(after).doesNotContainAnyElementsOf(finished).doesNotHaveDuplicates();
        assertThat(after.size() + finished.size()).isEqualTo(unpacked.size() + 1);
    }

    private void begin(Position position, Progress progress) {
        MappingKey key = new MappingKey(
                World.NAMESPACE,
                world.mapping().name(),
                world.mapping().stream(),
                world.stream.describe().incarnation());
        world.store()
                .create(key, List.of(new CheckpointRow(shard, ShardState.READING, position, progress, List.of(), 0)));
    }

    @Test
    void a_row_that_names_a_whole_record_has_finished_all_of_it() {
        world.stream.put("a");
        world.stream.putAggregated("1", "2");
        world.stream.put("b");
        begin(Position.trimHorizon(), new Progress(SequenceNumber.of(20), List.of(), List.of()));
        world.start(oneByOne(1)).advance(LONG);

        assertThat(delivered()).isEqualTo("b");
    }

    @Test
    void a_row_that_begins_at_a_whole_record_begins_with_the_first_of_it() {
        world.stream.put("a");
        world.stream.putAggregated("1", "2");
        begin(Position.at(SequenceNumber.of(20)), Progress.NONE);
        world.start(oneByOne(1)).advance(LONG);

        assertThat(delivered()).isEqualTo("12");
    }

    /** A lane's fact was about aggregated records as they are stored: what is in them belongs to all lanes. */
    @Test
    void a_fact_about_records_as_they_were_stored_says_nothing_of_what_is_unpacked_from_them() {
        world.stream.put("a");
        world.stream.putAggregated("1", "2", "3", "4", "5", "6");
        List<LaneFact> facts = List.of(new LaneFact(0, 2, SequenceNumber.of(20)));
        begin(Position.trimHorizon(), new Progress(SequenceNumber.of(10), facts, List.of()));
        world.start(oneByOne(2)).advance(LONG);

        assertThat(world.function.digits()).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6");
    }
}
