package io.shardmill.poller.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardLineageTest {

    private final List<ShardDescription> listed = new ArrayList<>();
    private final List<CheckpointRow> rows = new ArrayList<>();

    private ShardLineageTest shard(String id, ShardState state, String... parents) {
        listed.add(new ShardDescription(id, List.of(parents)));
        rows.add(CheckpointRow.begin(id, state, Position.trimHorizon(), List.of(parents)));
        return this;
    }

    private ShardLineage lineage() {
        return new ShardLineage(new StreamDescription("one", listed), rows);
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
}
