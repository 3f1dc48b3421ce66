package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Rows that are read for a backup and put back; on each database that can hold them. */
abstract class CheckpointBackupContract {

    private static final MappingKey KEY = new MappingKey("shop", "delays", "orders", "incarnation");
    private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");
    private static final StoredMapping MAPPING = new StoredMapping(
            "made",
            "{\"a\":\"ä\\n\"}",
            false,
            false,
            new StoredMapping.StoredReplay(7, "TRIM_HORIZON", false),
            Instant.parse("2026-11-28T19:00:00.123456Z"),
            7);

    /** With the store's tables, empty. */
    abstract DataSource database();

    private static CheckpointRow row(String shard, long epoch) {
        Progress progress = new Progress(
                SequenceNumber.of(100),
                List.of(new LaneFact(1, 4, SequenceNumber.of(200))),
                List.of(new RetryState(2, 4, 3, List.of(SequenceNumber.of(150)))),
                new OpenWindow(
                        NOW, NOW.plusSeconds(60), "{\"sum\":\"" + "x".repeat(10_000) + "\"}", OpenWindow.Phase.OPEN));
        return new CheckpointRow(
                shard, ShardState.READING, Position.at(SequenceNumber.of(7)), progress, List.of("parent"), epoch);
    }

    private List<TableRow> rows(String namespace) {
        List<TableRow> rows = new ArrayList<>();
        new CheckpointBackup(database()).read(namespace, rows::add);
        return rows;
    }

    @Test
    void rows_come_back_as_they_were_without_an_owner_and_in_place_of_what_came_later() {
        JdbcCheckpointStore store = new JdbcCheckpointStore(database());
        JdbcMappingStore mappings = new JdbcMappingStore(database());
        store.create(
                KEY,
                List.of(
                        row("one", 3),
                        CheckpointRow.begin("two", ShardState.SKIPPED, Position.trimHorizon(), List.of())));
        CheckpointRow taken = Takes.take(store, KEY, "one", "me");
        mappings.create("shop", MAPPING);
        MappingKey foreign = new MappingKey("other", "delays", "orders", "incarnation");
        store.create(foreign, List.of(row("one", 5)));

        List<TableRow> backup = rows("shop");
        assertThat(rows(null)).hasSize(backup.size() + 1);
        store.delete(KEY, List.of("two"));
        store.create(KEY, List.of(row("later", 9)));
        new JdbcTemplate(database()).update("delete from shardmill_mapping where mapping = 'made'");
        int replaced = new CheckpointBackup(database()).replaceBy(backup.iterator());

        assertThat(replaced).isEqualTo(2);
        assertThat(mappings.all("shop")).containsExactly(MAPPING);
        assertThat(store.load(KEY)).extracting(CheckpointRow::shard).containsExactly("one", "two");
        CheckpointRow one = store.load(KEY).get(0);
        assertThat(one).isEqualTo(row("one", one.epoch()));
        assertThat(one.epoch()).isEqualTo(taken.epoch());
        CheckpointUpdate late =
                new CheckpointUpdate(KEY, "one", "me", taken.epoch(), ShardState.ENDED, taken.progress());
        assertThat(store.save(List.of(late))).containsExactly(late);
        assertThat(store.load(foreign)).containsExactly(row("one", 5));
    }

    /** Another database, with the store's tables, that holds a row of two namespaces each, and a mapping of one. */
    private static DataSource file() {
        JdbcDataSource file = new JdbcDataSource();
        file.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        CheckpointSchema.create(file);
        JdbcCheckpointStore store = new JdbcCheckpointStore(file);
        store.create(KEY, List.of(row("one", 3)));
        CheckpointRow unusedTaken = Takes.take(store, KEY, "one", "me");
        store.create(new MappingKey("other", "delays", "orders", "incarnation"), List.of(row("two", 3)));
        boolean unused = new JdbcMappingStore(file).create("shop", MAPPING);
        return file;
    }

    @Test
    void the_rows_of_a_namespace_are_added_from_another_database() {
        int added = new CheckpointBackup(database()).add("shop", file());

        assertThat(added).isEqualTo(2);
        List<CheckpointRow> rows = new JdbcCheckpointStore(database()).load(KEY);
        assertThat(rows).containsExactly(row("one", rows.get(0).epoch()));
        assertThat(new JdbcMappingStore(database()).all("shop")).containsExactly(MAPPING);
        assertThat(new CheckpointBackup(database()).has("shop")).isTrue();
        assertThat(new CheckpointBackup(database()).has("other")).isFalse();
    }

    @Test
    void nothing_is_added_to_rows_of_the_same_namespace() {
        JdbcCheckpointStore store = new JdbcCheckpointStore(database());
        store.create(KEY, List.of(row("later", 9)));

        assertThat(new CheckpointBackup(database()).add("shop", file())).isZero();
        assertThat(store.load(KEY)).containsExactly(row("later", 9));
        assertThat(new JdbcMappingStore(database()).all("shop")).isEmpty();
    }

    @Test
    void of_a_row_that_is_damaged_or_does_not_fit_nothing_is_added() {
        DataSource damaged = file();
        new JdbcTemplate(damaged).update("update shardmill_checkpoint set watermark = '9' where shard = 'two'");
        assertThatThrownBy(() -> new CheckpointBackup(database()).add("shop", damaged))
                .isInstanceOf(DamagedCheckpointsException.class);

        DataSource newer = file();
        new JdbcTemplate(newer).execute("alter table shardmill_checkpoint add column of_tomorrow varchar");
        assertThatThrownBy(() -> new CheckpointBackup(database()).add("shop", newer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column of_tomorrow");
        assertThat(new CheckpointBackup(database()).has("shop")).isFalse();
    }

    @Test
    void restored_rows_have_no_smaller_epochs_than_those_they_replace() {
        JdbcCheckpointStore store = new JdbcCheckpointStore(database());
        store.create(KEY, List.of(row("one", 3)));
        List<TableRow> backup = rows("shop");
        long ofAClockAhead = Long.MAX_VALUE - 7;
        store.delete(KEY, List.of("one"));
        store.create(KEY, List.of(row("one", ofAClockAhead)));

        new CheckpointBackup(database()).replaceBy(backup.iterator());

        assertThat(Takes.take(store, KEY, "one", "me").epoch()).isEqualTo(ofAClockAhead + 1);
    }

    @Test
    void a_row_that_does_not_fit_changes_nothing() {
        JdbcCheckpointStore store = new JdbcCheckpointStore(database());
        store.create(KEY, List.of(row("one", 3)));
        TableRow known = rows("shop").get(0);
        known.columns().put("of_tomorrow", "?");

        assertThatThrownBy(() -> new CheckpointBackup(database())
                        .replaceBy(List.of(known).iterator()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column of_tomorrow");
        TableRow unknown = new TableRow("of_tomorrow", Map.of("namespace", "shop"));
        assertThatThrownBy(() -> new CheckpointBackup(database())
                        .replaceBy(List.of(unknown).iterator()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown table of_tomorrow");
        assertThat(store.load(KEY)).containsExactly(row("one", 3));
    }

    @Test
    void a_row_says_where_its_shard_goes_on() {
        JdbcCheckpointStore store = new JdbcCheckpointStore(database());
        store.create(
                KEY,
                List.of(
                        row("a", 3),
                        CheckpointRow.begin("b", ShardState.READING, Position.trimHorizon(), List.of()),
                        CheckpointRow.begin("c", ShardState.SKIPPED, Position.trimHorizon(), List.of())));
        Map<String, Position> positions = new java.util.HashMap<>();
        rows("shop")
                .forEach(row -> CheckpointBackup.position(row)
                        .ifPresent(position -> positions.put(row.text("shard"), position)));
        assertThat(positions)
                .containsOnly(
                        Map.entry("a", Position.after(SequenceNumber.of(100))), Map.entry("b", Position.trimHorizon()));
    }
}
