package io.shardmill.poller.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardLineageTest {

    private final List<ShardDescription> listed = new ArrayList<>();
    private final List<CheckpointRow> rows = new ArrayList<>();
    private final Set<String> consumed = new HashSet<>();

    private ShardLineageTest shard(String id, ShardState state, String... parents) {
        listed.add(new ShardDescription(id, List.of(parents)));
        rows.add(CheckpointRow.begin(id, state, Position.trimHorizon(), List.of(parents)));
        return this;
    }

    private ShardLineage lineage() {
        return new ShardLineage(new StreamDescription("one", listed), rows, consumed);
    }

    @Test
    void a_child_waits_for_all_its_parents() {
        shard("a", ShardState.ENDED).shard("b", ShardState.READING).shard("ab", ShardState.READING, "a", "b");

        assertThat(lineage().startable()).containsExactly("b");
    }

    @Test
    void a_parent_that_is_not_listed_any_more_has_nothing_left() {
        shard("child", ShardState.READING, "gone");

        assertThat(lineage().startable()).containsExactly("child");
    }

    @Test
    void a_skipped_parent_is_not_waited_for() {
        shard("parent", ShardState.SKIPPED).shard("child", ShardState.READING, "parent");

        assertThat(lineage().startable()).containsExactly("child");
    }

    /** A mapping that starts at a time skips the empty shard in the middle, and not the one before it. */
    @Test
    void behind_a_skipped_parent_its_own_parents_are_waited_for() {
        shard("grandparent", ShardState.READING)
                .shard("parent", ShardState.SKIPPED, "grandparent")
                .shard("child", ShardState.READING, "parent");

        assertThat(lineage().startable()).containsExactly("grandparent");
    }

    @Test
    void shards_without_parents_start_side_by_side_in_the_listings_order() {
        shard("b", ShardState.READING).shard("a", ShardState.READING).shard("ab", ShardState.READING, "a", "b");

        assertThat(lineage().startable()).containsExactly("b", "a");
    }

    @Test
    void shards_without_a_row_and_rows_without_a_shard_are_found() {
        shard("a", ShardState.READING);
        listed.add(new ShardDescription("new", List.of("a")));
        rows.add(CheckpointRow.begin("old", ShardState.ENDED, Position.trimHorizon(), List.of()));

        assertThat(lineage().unknown()).extracting(ShardDescription::id).containsExactly("new");
        assertThat(lineage().forgotten()).containsExactly("old");
    }

    @Test
    void descendants_are_found_in_whatever_order_they_are_listed() {
        shard("d", ShardState.READING, "c")
                .shard("c", ShardState.READING, "a", "b")
                .shard("a", ShardState.READING)
                .shard("b", ShardState.READING);

        assertThat(lineage().withDescendants("b")).containsExactlyInAnyOrder("b", "c", "d");
        assertThat(lineage().withDescendants("d")).containsExactly("d");
    }

    @Test
    void a_parent_that_is_not_listed_any_more_is_waited_for_while_it_is_consumed() {
        shard("child", ShardState.READING, "expired");
        consumed.add("expired");
        assertThat(lineage().startable()).isEmpty();

        consumed.clear();
        assertThat(lineage().startable()).containsExactly("child");
    }

    @Test
    void a_shard_that_was_forgotten_unread_is_looked_through_while_one_before_it_is_consumed() {
        shard("grandchild", ShardState.READING, "forgotten");
        rows.add(CheckpointRow.begin("forgotten", ShardState.READING, Position.trimHorizon(), List.of("expired")));
        rows.add(CheckpointRow.begin("expired", ShardState.READING, Position.trimHorizon(), List.of()));
        consumed.add("expired");
        assertThat(lineage().startable()).isEmpty();
        assertThat(lineage().forgotten()).isEmpty();

        consumed.clear();
        assertThat(lineage().startable()).containsExactly("grandchild");
        assertThat(lineage().forgotten()).containsExactlyInAnyOrder("forgotten", "expired");
    }

    /** Sixty generations: without memory there are 2^60 ways up. */
    @Test
    void a_stream_that_was_split_and_merged_many_times_is_looked_through_once() {
        shard("merged-0", ShardState.SKIPPED);
        for (int generation = 1; generation <= 60; generation++) {
            String parent = "merged-" + (generation - 1);
            shard("left-" + generation, ShardState.SKIPPED, parent);
            shard("right-" + generation, ShardState.SKIPPED, parent);
            shard("merged-" + generation, ShardState.SKIPPED, "left-" + generation, "right-" + generation);
        }
        shard("open", ShardState.READING, "merged-60");

        assertThat(lineage().startable()).containsExactly("open");
    }
}
