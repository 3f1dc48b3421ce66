package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Parallelism, shards, checkpoints": cases 91 to 94; field note 6. */
class ReshardingTest {

    private static final String FIRST = "shardId-000000000000";
    private static final String SECOND = "shardId-000000000001";

    private final Counts counts = new Counts();
    private final World world = new World(1).with(counts);

    private void put(String shard, String... texts) {
        for (String text : texts) {
            world.stream.put(shard, text, text);
        }
    }

    @Test
    void case_91_children_of_a_split_wait_until_every_record_of_their_parent_is_acknowledged() {
        world.function.takes(invocation -> 1_000);
        put(FIRST, "1", "2");
        List<String> children = world.stream.split(FIRST);
        put(children.get(0), "a");
        put(children.get(1), "b");
        world.start(world.mapping().with(Batching.defaults().withBatchSize(1))).advance(Duration.ofMillis(1_999));
        assertThat(world.function.digits()).containsExactly("1", "2");

        world.advance(Duration.ofSeconds(5));
        assertThat(world.function.digits().subList(2, 4)).containsExactlyInAnyOrder("a", "b");
        assertThat(world.function.mostRunning()).isEqualTo(2);
    }

    @Test
    void case_91_a_discarded_record_counts_as_done_for_the_children() {
        world.function.throwsOn("1");
        put(FIRST, "1");
        put(world.stream.split(FIRST).get(0), "a");
        world.start(world.mapping()
                        .with(FailureHandling.defaults()
                                .withMaximumRetryAttempts(1)
                                .withDestination("fake")))
                .advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "1", "a");
    }

    @Test
    void case_91_children_wait_while_their_parents_last_record_fails() {
        world.function.throwsOn("1");
        put(FIRST, "1");
        put(world.stream.split(FIRST).get(0), "a");
        world.start(world.mapping()).advance(Duration.ofHours(1));

        assertThat(world.function.digits()).containsOnly("1");
    }

    @Test
    void case_91_a_child_starts_only_when_its_parents_end_is_saved_and_does_so_after_a_crash_too() {
        put(FIRST, "1");
        put(world.stream.split(FIRST).get(0), "a");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        assertThat(world.row(FIRST).state()).isEqualTo(ShardState.ENDED);
        world.crash();
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "a");
    }

    /** The stream forgets a closed shard with its records; one that was read is still being delivered. */
    @Test
    void case_91_children_wait_for_a_running_parent_that_the_stream_has_forgotten() {
        world.function.takes(invocation -> 10_000);
        put(FIRST, "1");
        put(world.stream.split(FIRST).get(0), "a");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        world.stream.forget(FIRST);
        world.advance(Duration.ofSeconds(8));
        assertThat(world.function.digits()).containsExactly("1");

        world.advance(Duration.ofSeconds(12));
        assertThat(world.function.digits()).containsExactly("1", "a");
        assertThat(world.function.mostRunning()).isEqualTo(1);
    }

    @Test
    void case_92_the_child_of_a_merge_waits_for_both_parents_which_run_side_by_side() {
        World two = new World(2);
        two.function.takes(invocation -> invocation.shard().id().equals(SECOND) ? 5_000 : 1_000);
        two.stream.put(FIRST, "1", "1");
        two.stream.put(SECOND, "2", "2");
        String child = two.stream.merge(FIRST, SECOND);
        two.stream.put(child, "a", "a");
        two.start(two.mapping()).advance(Duration.ofMillis(4_999));
        assertThat(two.function.digits()).containsExactlyInAnyOrder("1", "2");
        assertThat(two.function.mostRunning()).isEqualTo(2);

        two.advance(Duration.ofSeconds(1));
        assertThat(two.function.digits()).endsWith("a");
    }

    @Test
    void case_93_trim_horizon_on_a_stream_resharded_twice_delivers_all_in_lineage_order() {
        put(FIRST, "1");
        List<String> children = world.stream.split(FIRST);
        put(children.get(0), "2");
        put(children.get(1), "2");
        String grandchild = world.stream.merge(children.get(0), children.get(1));
        put(grandchild, "3");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2", "2", "3");
    }

    @Test
    void case_94_children_of_a_later_split_are_read_from_their_beginning_by_a_LATEST_mapping() {
        put(FIRST, "before");
        world.start(world.mapping().with(new StartingPosition.Latest()));
        put(FIRST, "after");
        List<String> children = world.stream.split(FIRST);
        put(children.get(0), "child");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("after", "child");
    }

    @Test
    void case_94_a_split_while_the_mapping_was_down_loses_nothing_either() {
        world.start(world.mapping().with(new StartingPosition.Latest()));
        world.stop();
        put(FIRST, "1");
        List<String> children = world.stream.split(FIRST);
        put(children.get(1), "2");
        world.start(world.mapping().with(new StartingPosition.Latest())).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void note_06_an_empty_closed_shard_ends_once_and_its_children_start() {
        List<String> children = world.stream.split(FIRST);
        put(children.get(0), "a");
        world.start(world.mapping()).advance(Duration.ofMinutes(5));

        assertThat(world.function.digits()).containsExactly("a");
        assertThat(world.row(FIRST).state()).isEqualTo(ShardState.ENDED);
        assertThat(world.row(FIRST).epoch()).isEqualTo(1);
        assertThat(counts.ended()).isEqualTo(1);
    }

    @Test
    void note_06_a_parent_the_stream_has_forgotten_is_not_waited_for() {
        put(FIRST, "1");
        List<String> children = world.stream.split(FIRST);
        put(children.get(0), "a");
        world.stream.forget(FIRST);
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("a");
    }
}
