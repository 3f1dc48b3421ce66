package io.shardmill.poller.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link CheckpointStore} promises. */
public abstract class CheckpointStoreContract {

    protected static final MappingKey KEY = new MappingKey("shop", "orders-mapping", "orders", "2026-11-23T08:00:00Z");

    private static final String SHARD = "shardId-000000000000";
    private static final String OTHER = "shardId-000000000001";
    private static final SequenceNumber NUMBER =
            SequenceNumber.parse("49678482485914992647128486738460559735979993999471542274");

    /** The store's clock; at the epoch, takeovers are counted from 1. */
    private Instant now = Instant.EPOCH;

    protected Instant now() {
        return now;
    }

    /** The store under test, empty before each test. */
    protected abstract CheckpointStore store();

    @Test
    void a_mapping_that_never_saw_its_stream_has_no_rows() {
        assertThat(store().load(KEY)).isEmpty();
        assertThat(store().mappings("shop")).isEmpty();
    }

    @Test
    void keeps_everything_of_a_row() {
        List<CheckpointRow> rows = List.of(
                new CheckpointRow(SHARD, ShardState.READING, Position.trimHorizon(), fullProgress(), List.of(), 7),
                CheckpointRow.begin(
                        "b", ShardState.READING, Position.at(NUMBER.withSubSequence(3)), List.of(SHARD, OTHER)),
                CheckpointRow.begin("c", ShardState.ENDED, Position.after(NUMBER), List.of(SHARD)),
                CheckpointRow.begin(
                        "d",
                        ShardState.SKIPPED,
                        Position.atTimestamp(Instant.parse("2026-11-23T08:15:30.123456789Z")),
                        List.of()));

        store().create(KEY, rows);

        assertThat(store().load(KEY)).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void keeps_an_open_window_with_a_large_state_of_any_characters() {
        String large = "{\"text\":\"" + "\u00e4\u4e2d\ud83d\ude00".repeat(400_000) + "\"}";
        List<CheckpointRow> rows = List.of(
                new CheckpointRow(SHARD, ShardState.READING, Position.trimHorizon(), in(window(large)), List.of(), 0),
                new CheckpointRow(
                        OTHER,
                        ShardState.READING,
                        Position.trimHorizon(),
                        in(window("{}").with(OpenWindow.Phase.CLOSING_EARLY)),
                        List.of(),
                        0));

        store().create(KEY, rows);

        assertThat(store().load(KEY)).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(Takes.take(store(), KEY, SHARD, "me").progress()).isEqualTo(in(window(large)));
    }

    @Test
    void a_window_is_saved_with_its_progress_and_an_unchanged_state_is_left_as_it_is() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        save(epoch, in(window("{\"count\":1}")), true);
        assertThat(row(SHARD).progress()).isEqualTo(in(window("{\"count\":1}")));

        OpenWindow closing = window("{\"count\":1}").with(OpenWindow.Phase.CLOSING);
        save(epoch, in(closing), false);
        assertThat(row(SHARD).progress()).isEqualTo(in(closing));

        save(epoch, at(9), true);
        assertThat(row(SHARD).progress()).isEqualTo(at(9));
    }

    @Test
    void nobody_else_saves_a_window() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        save(epoch, in(window("{}")), true);
        Takes.take(store(), KEY, SHARD, "you");
        save(epoch, in(window("{\"late\":1}")), true);
        assertThat(row(SHARD).progress()).isEqualTo(in(window("{}")));
    }

    @Test
    void replacing_a_row_ends_its_window() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        save(epoch, in(window("{}")), true);
        store().replace(KEY, List.of(begin(SHARD)));
        assertThat(row(SHARD).progress()).isEqualTo(Progress.NONE);
    }

    @Test
    void a_save_that_relies_on_another_state_of_the_window_than_is_there_does_not_count() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        save(epoch, in(window("{\"count\":1}")), true);

        CheckpointUpdate relying = new CheckpointUpdate(
                KEY,
                SHARD,
                "me",
                epoch,
                ShardState.READING,
                in(window("{\"count\":2}").with(OpenWindow.Phase.CLOSING)),
                false);
        assertThat(store().save(List.of(relying))).containsExactly(relying);
        assertThat(row(SHARD).progress()).isEqualTo(in(window("{\"count\":1}")));
    }

    private void save(long epoch, Progress progress, boolean windowStateChanged) {
        store().save(List.of(
                new CheckpointUpdate(KEY, SHARD, "me", epoch, ShardState.READING, progress, windowStateChanged)));
    }

    private static OpenWindow window(String state) {
        return new OpenWindow(
                Instant.parse("2026-11-23T08:15:00Z"),
                Instant.parse("2026-11-23T08:30:00Z"),
                state,
                OpenWindow.Phase.OPEN);
    }

    private static Progress in(OpenWindow window) {
        RetryState finalInvocation = new RetryState(0, 1, 2, List.of());
        return new Progress(NUMBER, List.of(), List.of(finalInvocation)).in(window);
    }

    @Test
    void a_row_that_is_there_already_stays_as_it_is() {
        create(SHARD);
        CheckpointRow taken = Takes.take(store(), KEY, SHARD, "me");

        store().create(
                        KEY,
                        List.of(
                                CheckpointRow.begin(SHARD, ShardState.SKIPPED, Position.after(NUMBER), List.of("x")),
                                begin(OTHER)));

        assertThat(store().load(KEY)).containsExactlyInAnyOrder(taken, begin(OTHER));
        assertThat(store().save(List.of(update(SHARD, "me", taken.epoch(), 1)))).isEmpty();
    }

    @Test
    void taking_a_shard_begins_the_next_epoch_and_gives_its_row() {
        store().create(
                        KEY,
                        List.of(new CheckpointRow(
                                SHARD, ShardState.READING, Position.trimHorizon(), fullProgress(), List.of("p"), 4)));

        CheckpointRow first = Takes.take(store(), KEY, SHARD, "me");
        CheckpointRow second = Takes.take(store(), KEY, SHARD, "me");

        assertThat(first)
                .isEqualTo(new CheckpointRow(
                        SHARD, ShardState.READING, Position.trimHorizon(), fullProgress(), List.of("p"), 5));
        assertThat(second.epoch()).isEqualTo(6);
        assertThat(store().load(KEY)).containsExactly(second);
    }

    @Test
    void a_row_that_was_lost_and_is_created_again_is_taken_under_a_larger_epoch() {
        now = Instant.parse("2026-11-28T20:00:00Z");
        create(SHARD);
        Takes.take(store(), KEY, SHARD, "me");
        long lost = Takes.take(store(), KEY, SHARD, "me").epoch();
        store().delete(KEY, List.of(SHARD));

        now = now.plusMillis(1);
        create(SHARD);
        assertThat(Takes.take(store(), KEY, SHARD, "me").epoch()).isGreaterThan(lost);
    }

    @Test
    void an_older_row_that_was_put_back_is_taken_and_replaced_under_a_larger_epoch_than_the_newer_one() {
        now = Instant.parse("2026-11-28T20:00:00Z");
        create(SHARD, OTHER);
        CheckpointRow older = Takes.take(store(), KEY, SHARD, "me");
        long newer = Takes.take(store(), KEY, SHARD, "me").epoch();
        store().delete(KEY, List.of(SHARD));
        store().create(KEY, List.of(older));

        now = now.plusMillis(1);
        store().replace(KEY, List.of(begin(SHARD)));
        assertThat(row(SHARD).epoch()).isGreaterThan(newer);
        now = now.minusSeconds(60);
        long replaced = row(SHARD).epoch();
        assertThat(Takes.take(store(), KEY, SHARD, "me").epoch()).isEqualTo(replaced + 1);
    }

    @Test
    void a_shard_without_a_row_can_not_be_taken() {
        create(SHARD);
        assertThat(store().takeOver(KEY, Map.of(OTHER, 0L), "me")).isEmpty();
        assertThat(store().takeOver(KEY, Map.of(), "me")).isEmpty();
    }

    @Test
    void a_shard_is_taken_only_as_it_was_seen() {
        create(SHARD, OTHER);
        Takes.take(store(), KEY, OTHER, "me");

        List<CheckpointRow> taken = store().takeOver(KEY, Map.of(SHARD, 0L, OTHER, 0L, "unknown", 0L), "you");

        assertThat(taken).extracting(CheckpointRow::shard).containsExactly(SHARD);
        assertThat(taken).extracting(CheckpointRow::epoch).containsExactly(1L);
        assertThat(owners()).containsExactlyInAnyOrderEntriesOf(Map.of(SHARD, "you", OTHER, "me"));
    }

    @Test
    void a_released_shard_has_no_owner_and_keeps_what_is_finished() {
        create(SHARD, OTHER, "c");
        long mine = Takes.take(store(), KEY, SHARD, "me").epoch();
        long lost = Takes.take(store(), KEY, OTHER, "me").epoch();
        Takes.take(store(), KEY, OTHER, "me");
        Takes.take(store(), KEY, "c", "you");
        Progress progress = new Progress(NUMBER, List.of(), List.of());
        store().save(List.of(new CheckpointUpdate(KEY, SHARD, "me", mine, ShardState.READING, progress)));

        store().release(KEY, Map.of(SHARD, mine, OTHER, lost, "c", 1L), "me");

        assertThat(owners()).containsExactlyInAnyOrderEntriesOf(Map.of(OTHER, "me", "c", "you"));
        assertThat(row(SHARD).progress()).isEqualTo(progress);
        assertThat(store().save(List.of(new CheckpointUpdate(KEY, SHARD, "me", mine, ShardState.READING, progress))))
                .as("refused: it is not owned any more")
                .hasSize(1);
        assertThat(Takes.take(store(), KEY, SHARD, "you").epoch()).isEqualTo(mine + 1);
    }

    @Test
    void tells_who_owns_the_shards_that_are_not_finished() {
        store().create(
                        KEY,
                        List.of(CheckpointRow.begin(
                                "child", ShardState.READING, Position.trimHorizon(), List.of(SHARD))));
        create(SHARD);
        store().create(KEY, List.of(CheckpointRow.begin("over", ShardState.ENDED, Position.trimHorizon(), List.of())));
        store().create(
                        new MappingKey("another namespace", "m", "s", "i"),
                        List.of(CheckpointRow.begin("x", ShardState.READING, Position.trimHorizon(), List.of())));
        Takes.take(store(), KEY, SHARD, "me");

        assertThat(store().unfinished(KEY.namespace()))
                .containsExactlyInAnyOrder(
                        new ShardOwnership(KEY, "child", null, 0, List.of(SHARD)),
                        new ShardOwnership(KEY, SHARD, "me", 1, List.of()));
    }

    private Map<String, String> owners() {
        Map<String, String> owners = new HashMap<>();
        store().unfinished(KEY.namespace()).forEach(shard -> {
            if (shard.owner() != null) {
                owners.put(shard.shard(), shard.owner());
            }
        });
        return owners;
    }

    @Test
    void the_owner_saves_states_and_progress() {
        create(SHARD, OTHER);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        long other = Takes.take(store(), KEY, OTHER, "me").epoch();

        List<CheckpointUpdate> lost = store().save(List.of(
                new CheckpointUpdate(KEY, SHARD, "me", epoch, ShardState.READING, fullProgress()),
                new CheckpointUpdate(KEY, OTHER, "me", other, ShardState.ENDED, at(12))));

        assertThat(lost).isEmpty();
        assertThat(row(SHARD))
                .isEqualTo(new CheckpointRow(
                        SHARD, ShardState.READING, Position.trimHorizon(), fullProgress(), List.of(), epoch));
        assertThat(row(OTHER).state()).isEqualTo(ShardState.ENDED);
        assertThat(row(OTHER).progress()).isEqualTo(at(12));
    }

    @Test
    void saving_again_changes_nothing_and_is_not_lost() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        CheckpointUpdate update = update(SHARD, "me", epoch, 5);

        assertThat(store().save(List.of(update))).isEmpty();
        CheckpointRow saved = row(SHARD);
        assertThat(store().save(List.of(update))).isEmpty();

        assertThat(row(SHARD)).isEqualTo(saved);
    }

    @Test
    void the_later_of_two_updates_in_one_call_counts() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        assertThat(store().save(List.of(update(SHARD, "me", epoch, 5), update(SHARD, "me", epoch, 6))))
                .isEmpty();
        assertThat(row(SHARD).progress()).isEqualTo(at(6));
    }

    @Test
    void a_save_of_nothing_is_nothing() {
        assertThat(store().save(List.of())).isEmpty();
    }

    @Test
    void a_missed_update_is_returned_and_does_not_roll_back_the_others() {
        create(SHARD, OTHER, "c", "d");
        long old = Takes.take(store(), KEY, SHARD, "me").epoch();
        long mine = Takes.take(store(), KEY, OTHER, "me").epoch();
        long theirs = Takes.take(store(), KEY, "c", "somebody else").epoch();
        Takes.take(store(), KEY, SHARD, "me");

        CheckpointUpdate wrongEpoch = update(SHARD, "me", old, 1);
        CheckpointUpdate wrongOwner = update("c", "me", theirs, 1);
        CheckpointUpdate neverTaken = update("d", "me", 0, 1);
        CheckpointUpdate noRow = update("e", "me", 1, 1);
        List<CheckpointUpdate> lost =
                store().save(List.of(wrongEpoch, update(OTHER, "me", mine, 9), wrongOwner, neverTaken, noRow));

        assertThat(lost).containsExactly(wrongEpoch, wrongOwner, neverTaken, noRow);
        assertThat(row(SHARD).progress()).isEqualTo(Progress.NONE);
        assertThat(row(OTHER).progress()).isEqualTo(at(9));
        assertThat(row("c").progress()).isEqualTo(Progress.NONE);
        assertThat(row("d").progress()).isEqualTo(Progress.NONE);
        assertThat(store().load(KEY)).hasSize(4);
    }

    @Test
    void saves_a_thousand_shards_at_once() {
        List<String> shards =
                IntStream.range(0, 1000).mapToObj(i -> "shardId-" + i).toList();
        store().create(KEY, shards.stream().map(CheckpointStoreContract::begin).toList());
        Map<String, Long> epochs = new HashMap<>();
        shards.forEach(shard -> epochs.put(shard, 0L));
        assertThat(store().takeOver(KEY, epochs, "me")).hasSize(1_000);
        Takes.take(store(), KEY, "shardId-500", "somebody else");

        List<CheckpointUpdate> lost = store().save(
                        shards.stream().map(shard -> update(shard, "me", 1, 77)).toList());

        assertThat(lost).extracting(CheckpointUpdate::shard).containsExactly("shardId-500");
        assertThat(store().load(KEY))
                .filteredOn(row -> row.progress().equals(at(77)))
                .hasSize(999);
    }

    @Test
    void rows_are_replaced_as_they_were_seen_only_if_nobody_has_taken_them_since() {
        create(SHARD, OTHER);
        CheckpointRow seen = Takes.take(store(), KEY, OTHER, "me");
        Takes.take(store(), KEY, SHARD, "you");
        CheckpointRow late = begin(SHARD);
        CheckpointRow inTime = new CheckpointRow(
                OTHER, ShardState.READING, Position.at(NUMBER), Progress.NONE, List.of(), seen.epoch());

        List<CheckpointRow> replaced = store().replaceSeen(KEY, List.of(late, inTime));

        assertThat(replaced).singleElement().isEqualTo(row(OTHER));
        assertThat(row(OTHER).start()).isEqualTo(Position.at(NUMBER));
        assertThat(row(OTHER).epoch()).isGreaterThan(seen.epoch());
        assertThat(store().save(List.of(update(OTHER, "me", seen.epoch(), 99)))).hasSize(1);
        assertThat(store().save(List.of(update(SHARD, "you", row(SHARD).epoch(), 99))))
                .isEmpty();
    }

    @Test
    void replacing_sets_everything_anew_and_shuts_the_owner_out() {
        create(SHARD);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();
        store().save(List.of(new CheckpointUpdate(KEY, SHARD, "me", epoch, ShardState.ENDED, fullProgress())));
        CheckpointRow replay = CheckpointRow.begin(SHARD, ShardState.READING, Position.at(NUMBER), List.of("p"));

        store().replace(KEY, List.of(replay, begin(OTHER)));

        assertThat(row(SHARD))
                .isEqualTo(new CheckpointRow(
                        SHARD, ShardState.READING, Position.at(NUMBER), Progress.NONE, List.of("p"), epoch + 1));
        assertThat(row(OTHER)).isEqualTo(begin(OTHER).underEpochAfter(0, now));
        CheckpointUpdate late = update(SHARD, "me", epoch, 99);
        CheckpointUpdate guessed = update(SHARD, "me", epoch + 1, 99);
        assertThat(store().save(List.of(late, guessed))).containsExactly(late, guessed);
        assertThat(Takes.take(store(), KEY, SHARD, "me").epoch()).isEqualTo(epoch + 2);
    }

    @Test
    void removed_rows_are_gone_for_their_owner_too() {
        create(SHARD, OTHER);
        long epoch = Takes.take(store(), KEY, SHARD, "me").epoch();

        store().delete(KEY, List.of(SHARD, "was never there"));

        assertThat(store().load(KEY)).containsExactly(begin(OTHER));
        assertThat(store().save(List.of(update(SHARD, "me", epoch, 1)))).hasSize(1);
        assertThat(store().load(KEY)).containsExactly(begin(OTHER));
    }

    @Test
    void each_part_of_the_key_keeps_rows_apart() {
        List<MappingKey> keys = List.of(
                KEY,
                new MappingKey("other developer", KEY.mapping(), KEY.stream(), KEY.incarnation()),
                new MappingKey(KEY.namespace(), "other-mapping", KEY.stream(), KEY.incarnation()),
                new MappingKey(KEY.namespace(), KEY.mapping(), "other stream", KEY.incarnation()),
                new MappingKey(KEY.namespace(), KEY.mapping(), KEY.stream(), "created again"));
        for (MappingKey key : keys) {
            store().create(key, List.of(begin(SHARD)));
        }
        for (int i = 0; i < keys.size(); i++) {
            Takes.take(store(), keys.get(i), SHARD, "me");
            store().save(List.of(new CheckpointUpdate(keys.get(i), SHARD, "me", 1, ShardState.READING, at(i))));
        }
        store().replace(keys.get(1), List.of(begin(SHARD)));
        store().delete(keys.get(2), List.of(SHARD));

        assertThat(store().load(keys.get(0)).get(0).progress()).isEqualTo(at(0));
        assertThat(store().load(keys.get(1)).get(0).progress()).isEqualTo(Progress.NONE);
        assertThat(store().load(keys.get(2))).isEmpty();
        assertThat(store().load(keys.get(3)).get(0).progress()).isEqualTo(at(3));
        assertThat(store().load(keys.get(4)).get(0).progress()).isEqualTo(at(4));
    }

    @Test
    void names_the_mappings_of_a_namespace_that_have_rows() {
        MappingKey again = new MappingKey("shop", KEY.mapping(), KEY.stream(), "created again");
        store().create(KEY, List.of(begin(SHARD), begin(OTHER)));
        store().create(again, List.of(begin(SHARD)));
        MappingKey elsewhere = new MappingKey("elsewhere", KEY.mapping(), KEY.stream(), KEY.incarnation());
        store().create(elsewhere, List.of(begin(SHARD), begin(OTHER)));

        assertThat(store().mappings("shop")).containsExactlyInAnyOrder(KEY, again);
        assertThat(store().inAllNamespaces(KEY.mapping(), KEY.stream())).containsExactly(elsewhere, KEY, again);
        store().delete(again, List.of(SHARD));
        assertThat(store().mappings("shop")).containsExactly(KEY);
        assertThat(store().inAllNamespaces(KEY.mapping(), KEY.stream())).containsExactly(elsewhere, KEY);
        assertThat(store().inAllNamespaces("another", KEY.stream())).isEmpty();
        assertThat(store().inAllNamespaces(KEY.mapping(), "another")).isEmpty();
    }

    @Test
    void names_of_any_characters_are_kept() {
        MappingKey key = new MappingKey("d'or \"x\"; drop", "m.\u00e9-1", "str\u4e2dm/\ud83d\ude00", "%_\\");
        store().create(key, List.of(begin("a'b")));
        assertThat(Takes.take(store(), key, "a'b", "h\u00f4te:1 'x'").epoch()).isEqualTo(1);
        assertThat(store().mappings(key.namespace())).containsExactly(key);
    }

    @Test
    void of_many_who_take_a_shard_as_they_saw_it_one_gets_it() throws Exception {
        create(SHARD);
        List<List<CheckpointRow>> taken =
                together(16, taker -> store().takeOver(KEY, Map.of(SHARD, 0L), "owner " + taker));
        assertThat(taken).filteredOn(rows -> !rows.isEmpty()).hasSize(1);
    }

    @Test
    void of_many_who_create_the_same_rows_at_once_nobody_fails_and_the_rows_are_there_once() throws Exception {
        List<CheckpointRow> rows =
                IntStream.range(0, 20).mapToObj(i -> begin("shard-" + i)).toList();
        together(8, creator -> {
            store().create(KEY, rows);
            return creator;
        });
        assertThat(store().load(KEY)).containsExactlyInAnyOrderElementsOf(rows);
    }

    private static <T> List<T> together(int count, Task<T> task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                calls.add(() -> task.run(number));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private interface Task<T> {
        T run(int number) throws Exception;
    }

    private void create(String... shards) {
        store().create(
                        KEY,
                        List.of(shards).stream()
                                .map(CheckpointStoreContract::begin)
                                .toList());
    }

    private CheckpointRow row(String shard) {
        return store().load(KEY).stream()
                .filter(row -> row.shard().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    protected static CheckpointRow begin(String shard) {
        return CheckpointRow.begin(shard, ShardState.READING, Position.trimHorizon(), List.of());
    }

    protected static CheckpointUpdate update(String shard, String owner, long epoch, long watermark) {
        return new CheckpointUpdate(KEY, shard, owner, epoch, ShardState.READING, at(watermark));
    }

    protected static Progress at(long watermark) {
        return new Progress(SequenceNumber.of(watermark), List.of(), List.of());
    }

    private static Progress fullProgress() {
        return new Progress(
                NUMBER,
                List.of(
                        new LaneFact(0, 4, SequenceNumber.of(30)),
                        new LaneFact(9, 10, SequenceNumber.of(31).withSubSequence(2), true)),
                List.of(
                        new RetryState(1, 4, 3, List.of(SequenceNumber.of(22), NUMBER)),
                        new RetryState(2, 4, 0, List.of(NUMBER.withSubSequence(1)))));
    }
}
