package io.shardmill.poller.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link MappingStore} promises, together with the {@link CheckpointStore} beside it. */
public abstract class MappingStoreContract {

    private static final Instant MODIFIED = Instant.parse("2026-11-23T08:15:30.123456Z");
    private static final StoredMapping ORDERS =
            new StoredMapping("orders", "{\"stream\":\"orders\",\"function\":\"ü\"}", true, MODIFIED);
    private static final StoredMapping CLICKS = new StoredMapping("clicks", "{}", false, MODIFIED.plusSeconds(1));
    private static final MappingKey FIRST = new MappingKey("shop", "orders", "orders", "1");
    private static final MappingKey SECOND = new MappingKey("shop", "orders", "orders", "2");

    /** The store under test, empty before each test. */
    protected abstract MappingStore store();

    /** The rows and pauses beside it. */
    protected abstract CheckpointStore checkpoints();

    private static List<CheckpointRow> rows(String... shards) {
        return Stream.of(shards)
                .map(shard -> CheckpointRow.begin(shard, ShardState.READING, Position.trimHorizon(), List.of()))
                .toList();
    }

    @Test
    void keeps_everything_of_a_mapping_in_its_namespace() {
        assertThat(store().create("shop", ORDERS)).isTrue();
        assertThat(store().create("shop", CLICKS)).isTrue();

        assertThat(store().all("shop")).containsExactly(CLICKS, ORDERS);
        assertThat(store().find("shop", "orders")).contains(ORDERS);
        assertThat(store().find("shop", "nobody")).isEmpty();
        assertThat(store().all("another")).isEmpty();
        assertThat(store().find("another", "orders")).isEmpty();
    }

    @Test
    void a_mapping_that_is_there_already_stays_as_it_is_with_its_rows() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));

        assertThat(store().create("shop", new StoredMapping("orders", "{}", false, MODIFIED)))
                .isFalse();
        assertThat(store().all("shop")).containsExactly(ORDERS);
        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void a_new_mapping_goes_on_from_the_rows_of_a_configured_one_of_its_name() {
        checkpoints().create(FIRST, rows("a"));
        store().create("shop", ORDERS);

        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void a_new_mapping_is_as_enabled_as_it_says_whatever_its_name_was_before() {
        checkpoints().setPaused("shop", "orders", true);

        assertThat(store().create("shop", ORDERS)).isTrue();
        assertThat(store().find("shop", "orders")).contains(ORDERS);
        assertThat(checkpoints().isPaused("shop", "orders")).isFalse();
    }

    @Test
    void a_paused_mapping_that_was_not_created_at_run_time_is_none() {
        checkpoints().setPaused("shop", "configured", true);

        assertThat(store().all("shop")).isEmpty();
        assertThat(store().find("shop", "configured")).isEmpty();
        assertThat(store().update("shop", new StoredMapping("configured", "{}", true, MODIFIED)))
                .isFalse();
        assertThat(checkpoints().isPaused("shop", "configured")).isTrue();
    }

    @Test
    void an_update_replaces_the_mapping_and_keeps_its_rows() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));
        StoredMapping changed = new StoredMapping("orders", "{\"batchSize\":1}", false, MODIFIED.plusSeconds(9));

        assertThat(store().update("shop", changed)).isTrue();
        assertThat(store().all("shop")).containsExactly(changed);
        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void an_update_of_a_mapping_that_is_deleted_does_not_bring_it_back() {
        assertThat(store().update("shop", ORDERS)).isFalse();
        assertThat(store().all("shop")).isEmpty();
    }

    @Test
    void enabled_and_paused_are_the_same() {
        store().create("shop", ORDERS);
        checkpoints().setPaused("shop", "orders", true);
        assertThat(store().find("shop", "orders"))
                .hasValueSatisfying(mapping -> assertThat(mapping.enabled()).isFalse());

        store().update("shop", ORDERS);
        assertThat(checkpoints().isPaused("shop", "orders")).isFalse();
    }

    @Test
    void a_deletion_takes_all_rows_of_the_mapping_along_and_no_others() {
        MappingKey clicks = new MappingKey("shop", "clicks", "orders", "1");
        MappingKey elsewhere = new MappingKey("another", "orders", "orders", "1");
        store().create("shop", ORDERS);
        store().create("shop", CLICKS);
        store().create("another", ORDERS);
        List.of(FIRST, SECOND, clicks, elsewhere).forEach(key -> checkpoints().create(key, rows("a", "b")));

        store().delete("shop", "orders");

        assertThat(store().all("shop")).containsExactly(CLICKS);
        assertThat(checkpoints().mappings("shop")).containsExactly(clicks);
        assertThat(store().all("another")).containsExactly(ORDERS);
        assertThat(checkpoints().load(elsewhere)).hasSize(2);
        store().delete("shop", "orders"); // again is harmless
    }

    @Test
    void a_late_write_does_not_bring_a_row_of_a_deleted_mapping_back_nor_write_into_its_successors() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));
        CheckpointRow taken = checkpoints().takeOver(FIRST, "a", "late writer");
        CheckpointUpdate late =
                new CheckpointUpdate(FIRST, "a", "late writer", taken.epoch(), ShardState.ENDED, taken.progress());

        store().delete("shop", "orders");
        assertThat(checkpoints().save(List.of(late))).containsExactly(late);
        assertThat(checkpoints().load(FIRST)).isEmpty();

        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));
        checkpoints().takeOver(FIRST, "a", "successor");
        assertThat(checkpoints().save(List.of(late))).containsExactly(late);
        assertThat(checkpoints().load(FIRST))
                .singleElement()
                .satisfies(row -> assertThat(row.state()).isEqualTo(ShardState.READING));
    }
}
