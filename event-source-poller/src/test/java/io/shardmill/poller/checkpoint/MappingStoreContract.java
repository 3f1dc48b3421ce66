package io.shardmill.poller.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link MappingStore} promises, together with the {@link CheckpointStore} beside it. */
public abstract class MappingStoreContract {

    private static final Instant MODIFIED = Instant.parse("2026-11-23T08:15:30.123456Z");
    private static final StoredMapping ORDERS = new StoredMapping(
            "orders",
            "{\"stream\":\"orders\",\"function\":\"ü\"}",
            true,
            false,
            null,
            MODIFIED,
            1_795_896_826_447_001L);
    private static final StoredMapping CLICKS =
            new StoredMapping("clicks", "{}", false, true, null, MODIFIED.plusSeconds(1), 1_000_000_000_000_000L);
    private static final StoredMapping CONFIGURED =
            new StoredMapping("configured", null, false, false, new StoredReplay(7, "42:7", false), MODIFIED, 7);
    private static final MappingKey FIRST = new MappingKey("shop", "orders", "orders", "1");
    private static final MappingKey SECOND = new MappingKey("shop", "orders", "orders", "2");

    /** The store's clock, which never moves: epochs count takeovers and replays. */
    protected static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    /** The store under test, empty before each test. */
    protected abstract MappingStore store();

    /** The rows beside it. */
    protected abstract CheckpointStore checkpoints();

    private static List<CheckpointRow> rows(String... shards) {
        return Stream.of(shards)
                .map(shard -> CheckpointRow.begin(shard, ShardState.READING, Position.trimHorizon(), List.of()))
                .toList();
    }

    /** The orders with another document under the next version. */
    private static StoredMapping changed(StoredMapping mapping, String document) {
        return new StoredMapping(
                mapping.name(),
                document,
                mapping.enabled(),
                mapping.deleted(),
                mapping.replay(),
                mapping.lastModified(),
                mapping.version() + 1);
    }

    private static StoredMapping replaying(StoredMapping mapping, boolean applied) {
        return new StoredMapping(
                mapping.name(),
                mapping.document(),
                mapping.enabled(),
                mapping.deleted(),
                new StoredReplay(applied ? mapping.version() : mapping.version() + 1, "TRIM_HORIZON", applied),
                mapping.lastModified(),
                mapping.version() + 1);
    }

    @Test
    void keeps_everything_of_a_mapping_in_its_namespace() {
        for (StoredMapping mapping : List.of(ORDERS, CLICKS, CONFIGURED)) {
            assertThat(store().create("shop", mapping)).isTrue();
        }

        assertThat(store().all("shop")).containsExactly(CLICKS, CONFIGURED, ORDERS);
        assertThat(store().find("shop", "orders")).contains(ORDERS);
        assertThat(store().find("shop", "nobody")).isEmpty();
        assertThat(store().all("another")).isEmpty();
        assertThat(store().find("another", "orders")).isEmpty();
    }

    @Test
    void a_mapping_that_is_there_already_stays_as_it_is_with_its_rows() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));

        assertThat(store().create("shop", changed(ORDERS, "{}"))).isFalse();
        assertThat(store().all("shop")).containsExactly(ORDERS);
        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void a_new_mapping_continues_from_the_rows_of_a_configured_one_of_its_name() {
        checkpoints().create(FIRST, rows("a"));
        store().create("shop", ORDERS);

        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void an_update_of_the_stored_version_replaces_the_mapping_and_keeps_its_rows() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));
        StoredMapping changed = new StoredMapping(
                "orders",
                "{\"batchSize\":1}",
                false,
                true,
                new StoredReplay(ORDERS.version() + 1, "TRIM_HORIZON", false),
                MODIFIED.plusSeconds(9),
                ORDERS.version() + 1);

        assertThat(store().update("shop", changed)).isTrue();
        assertThat(store().all("shop")).containsExactly(changed);
        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void an_update_of_another_version_changes_nothing() {
        store().create("shop", ORDERS);
        StoredMapping first = changed(ORDERS, "{\"batchSize\":1}");
        assertThat(store().update("shop", first)).isTrue();

        assertThat(store().update("shop", changed(ORDERS, "{\"batchSize\":2}"))).isFalse();
        assertThat(store().update("shop", changed(changed(first, "{}"), "{}"))).isFalse();
        assertThat(store().all("shop")).containsExactly(first);
    }

    @Test
    void an_update_of_a_mapping_that_was_removed_does_not_bring_it_back() {
        assertThat(store().update("shop", ORDERS)).isFalse();
        assertThat(store().all("shop")).isEmpty();
    }

    @Test
    void of_many_who_change_a_version_at_once_one_succeeds() throws Exception {
        store().create("shop", ORDERS);
        int writers = 8;
        for (int round = 0; round < 20; round++) {
            StoredMapping before = store().find("shop", "orders").orElseThrow();
            List<Boolean> written =
                    together(writers, writer -> store().update("shop", changed(before, "{\"writer\":" + writer + "}")));

            assertThat(written).hasSize(writers).containsOnlyOnce(true);
            String winner = "{\"writer\":" + written.indexOf(true) + "}";
            assertThat(store().find("shop", "orders")).contains(changed(before, winner));
        }
    }

    @Test
    void of_many_who_create_a_mapping_at_once_one_succeeds() throws Exception {
        List<Boolean> created =
                together(8, writer -> store().create("shop", changed(ORDERS, "{\"writer\":" + writer + "}")));

        assertThat(created).containsOnlyOnce(true);
        assertThat(store().all("shop")).containsExactly(changed(ORDERS, "{\"writer\":" + created.indexOf(true) + "}"));
    }

    @Test
    void changes_that_many_repeat_until_they_succeed_are_all_there() throws Exception {
        store().create("shop", changed(ORDERS, ""));
        together(6, writer -> {
            for (int change = 0; change < 10; change++) {
                String word = " " + writer + "/" + change;
                StoredMapping now;
                do {
                    now = store().find("shop", "orders").orElseThrow();
                } while (!store().update("shop", changed(now, now.document() + word)));
            }
            return true;
        });

        StoredMapping all = store().find("shop", "orders").orElseThrow();
        assertThat(all.document().trim().split(" ")).hasSize(60).doesNotHaveDuplicates();
        assertThat(all.version()).isEqualTo(ORDERS.version() + 1 + 60);
    }

    @Test
    void a_replay_is_applied_once_together_with_its_rows() {
        StoredMapping replaying = replaying(ORDERS, false);
        store().create("shop", ORDERS);
        store().update("shop", replaying);
        checkpoints().create(FIRST, rows("a"));
        Takes.take(checkpoints(), FIRST, "a", "owner");

        assertThat(store().applyReplay(FIRST, replaying.version(), rows("a", "b")))
                .isTrue();
        assertThat(checkpoints().load(FIRST)).extracting(CheckpointRow::epoch).containsExactly(2L, 1L);
        assertThat(store().find("shop", "orders")).contains(replaying(replaying, true));

        assertThat(store().applyReplay(FIRST, replaying.version(), rows("a", "c")))
                .isFalse();
        assertThat(checkpoints().load(FIRST)).extracting(CheckpointRow::shard).containsExactly("a", "b");
        assertThat(checkpoints().load(FIRST)).extracting(CheckpointRow::epoch).containsExactly(2L, 1L);
    }

    @Test
    void a_replay_without_rows_is_marked_as_applied() {
        StoredMapping replaying = replaying(CONFIGURED, false);
        store().create("shop", replaying);
        MappingKey key = new MappingKey("shop", "configured", "orders", "1");
        checkpoints().create(key, rows("a"));

        assertThat(store().applyReplay(key, replaying.version(), List.of())).isTrue();
        assertThat(checkpoints().load(key)).extracting(CheckpointRow::epoch).containsExactly(0L);
        assertThat(store().find("shop", "configured")).contains(replaying(replaying, true));
    }

    @Test
    void a_replay_whose_place_another_has_taken_is_not_applied() {
        StoredMapping first = replaying(ORDERS, false);
        StoredMapping second = replaying(first, false);
        store().create("shop", ORDERS);
        store().update("shop", first);
        store().update("shop", second);

        assertThat(store().applyReplay(FIRST, first.version(), rows("a"))).isFalse();
        assertThat(store().applyReplay(SECOND, 4711, rows("a"))).isFalse();
        assertThat(checkpoints().mappings("shop")).isEmpty();
        assertThat(store().find("shop", "orders")).contains(second);
    }

    @Test
    void a_change_that_did_not_see_a_replay_applied_does_not_make_it_pending_again() {
        StoredMapping replaying = replaying(ORDERS, false);
        store().create("shop", ORDERS);
        store().update("shop", replaying);
        store().applyReplay(FIRST, replaying.version(), rows("a"));

        assertThat(store().update("shop", changed(replaying, "{}"))).isFalse();
        StoredMapping applied = store().find("shop", "orders").orElseThrow();
        assertThat(store().update("shop", changed(applied, "{}"))).isTrue();
        assertThat(store().find("shop", "orders")).contains(changed(applied, "{}"));
        assertThat(store().applyReplay(FIRST, replaying.version(), rows("b"))).isFalse();
    }

    @Test
    void of_many_who_apply_a_replay_at_once_one_does() throws Exception {
        StoredMapping replaying = replaying(ORDERS, false);
        store().create("shop", replaying);
        checkpoints().create(FIRST, rows("a", "b"));
        List<Boolean> applied = together(8, process -> store().applyReplay(FIRST, replaying.version(), rows("a", "b")));

        assertThat(applied).containsOnlyOnce(true);
        assertThat(checkpoints().load(FIRST)).extracting(CheckpointRow::epoch).containsExactly(1L, 1L);
    }

    /** Marks the orders as deleted, and returns them so. */
    private StoredMapping markDeleted() {
        StoredMapping marked =
                new StoredMapping("orders", ORDERS.document(), true, true, null, MODIFIED, ORDERS.version() + 1);
        assertThat(store().update("shop", marked)).isTrue();
        return marked;
    }

    @Test
    void a_late_deletion_does_not_remove_a_mapping_that_was_created_again() {
        store().create("shop", ORDERS);
        StoredMapping seen = markDeleted();
        assertThat(store().delete("shop", "orders", seen.version())).isTrue();
        StoredMapping created = new StoredMapping("orders", "{}", true, false, null, MODIFIED, seen.version() + 1_000);
        store().create("shop", created);
        checkpoints().create(FIRST, rows("a"));

        assertThat(store().delete("shop", "orders", seen.version())).isFalse();
        assertThat(store().all("shop")).containsExactly(created);
        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void a_mapping_that_is_not_marked_as_deleted_is_not_removed() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));

        assertThat(store().delete("shop", "orders", ORDERS.version())).isFalse();
        assertThat(store().all("shop")).containsExactly(ORDERS);
        assertThat(checkpoints().load(FIRST)).hasSize(1);
    }

    @Test
    void a_removal_takes_all_rows_of_the_mapping_along_and_no_others() {
        MappingKey clicks = new MappingKey("shop", "clicks", "orders", "1");
        MappingKey elsewhere = new MappingKey("another", "orders", "orders", "1");
        store().create("shop", ORDERS);
        store().create("shop", CLICKS);
        store().create("another", ORDERS);
        List.of(FIRST, SECOND, clicks, elsewhere).forEach(key -> checkpoints().create(key, rows("a", "b")));

        StoredMapping seen = markDeleted();
        assertThat(store().delete("shop", "orders", seen.version())).isTrue();

        assertThat(store().all("shop")).containsExactly(CLICKS);
        assertThat(checkpoints().mappings("shop")).containsExactly(clicks);
        assertThat(store().all("another")).containsExactly(ORDERS);
        assertThat(checkpoints().load(elsewhere)).hasSize(2);
        assertThat(store().delete("shop", "orders", seen.version())).isFalse();
    }

    @Test
    void a_late_write_does_not_bring_a_row_of_a_removed_mapping_back_nor_write_into_its_successors() {
        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));
        CheckpointRow taken = Takes.take(checkpoints(), FIRST, "a", "late writer");
        CheckpointUpdate late =
                new CheckpointUpdate(FIRST, "a", "late writer", taken.epoch(), ShardState.ENDED, taken.progress());

        assertThat(store().delete("shop", "orders", markDeleted().version())).isTrue();
        assertThat(checkpoints().save(List.of(late))).containsExactly(late);
        assertThat(checkpoints().load(FIRST)).isEmpty();

        store().create("shop", ORDERS);
        checkpoints().create(FIRST, rows("a"));
        Takes.take(checkpoints(), FIRST, "a", "successor");
        assertThat(checkpoints().save(List.of(late))).containsExactly(late);
        assertThat(checkpoints().load(FIRST))
                .singleElement()
                .satisfies(row -> assertThat(row.state()).isEqualTo(ShardState.READING));
    }

    private interface Writer<T> {
        T write(int number) throws Exception;
    }

    private static <T> List<T> together(int count, Writer<T> writer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            CyclicBarrier start = new CyclicBarrier(count);
            List<Callable<T>> calls = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                int own = number;
                calls.add(() -> {
                    start.await();
                    return writer.write(own);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
