package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is particular to a database; the rest is the contract's. */
class JdbcCheckpointStoreTest {

    private static final MappingKey KEY = new MappingKey("shop", "m", "orders", "1");
    private static final CheckpointRow ROW =
            CheckpointRow.begin("shard-0", ShardState.READING, Position.trimHorizon(), List.of());

    private final JdbcDataSource database = h2("sa");
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final JdbcCheckpointStore store = new JdbcCheckpointStore(database);

    @BeforeEach
    void createTables() {
        CheckpointSchema.create(database);
    }

    @AfterEach
    void drop() {
        sql.execute("shutdown");
    }

    @Test
    void creating_the_tables_again_keeps_what_is_in_them() {
        store.create(KEY, List.of(ROW));
        CheckpointSchema.create(database);
        assertThat(store.load(KEY)).containsExactly(ROW);
    }

    @ParameterizedTest
    @CsvSource({
        "shardmill_checkpoint, window_checksum",
        "shardmill_mapping, replay_applied",
        "shardmill_store, digest",
    })
    void a_table_that_lacks_a_column_is_noticed(String table, String column) {
        CheckpointSchema.verify(database);
        sql.execute("alter table " + table + " drop column " + column);

        assertThatThrownBy(() -> CheckpointSchema.verify(database))
                .isInstanceOf(BadSqlGrammarException.class)
                .cause()
                .hasMessageContaining(column.toUpperCase(Locale.ROOT));
    }

    @Test
    void a_table_that_is_missing_is_noticed() {
        sql.execute("drop table shardmill_store");

        assertThatThrownBy(() -> CheckpointSchema.verify(database)).isInstanceOf(BadSqlGrammarException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "state, DONE",
        "start_position, LATEST",
        "watermark, 12a",
        "ahead, 4/4=1",
        "heads, 0/4=1",
        "open_window, 2026-11-23T08:15:00Z OPEN",
        "open_window, 2026-11-23T08:15:00Z/2026-11-23T08:30:00Z AJAR",
    })
    void a_column_that_can_not_be_read_is_named_with_its_row(String column, String text) {
        store.create(KEY, List.of(ROW));
        sql.update("update shardmill_checkpoint set " + column + " = ?", text);

        assertThatThrownBy(() -> store.load(KEY))
                .isInstanceOf(CheckpointStoreException.class)
                .hasMessageContainingAll("shardmill_checkpoint", "shard shard-0", "mapping=m", "column " + column)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({
        "start_position, 'AT_SEQUENCE_NUMBER 7'",
        "parents, shard-9",
        "owner, somebody",
        "epoch, 2",
        "state, ENDED",
        "watermark, 12",
        "ahead, 0/4=1",
        "heads, 0/4*1=1",
        "open_window, 2026-11-23T08:15:00Z/2026-11-23T08:30:00Z OPEN",
        "window_state, {}",
        "stream, payments",
    })
    void a_value_that_was_not_written_by_the_store_is_damage(String column, String value) {
        store.create(KEY, List.of(ROW));
        sql.update("update shardmill_checkpoint set " + column + " = ?", value);
        MappingKey key = new MappingKey("shop", "m", column.equals("stream") ? value : "orders", "1");

        assertThatThrownBy(() -> store.load(key))
                .isInstanceOf(DamagedCheckpointsException.class)
                .hasMessageContainingAll("shardmill_checkpoint", "shard shard-0", "mapping=m", "checksum");
        assertThatThrownBy(() -> Takes.take(store, key, "shard-0", "me"))
                .isInstanceOf(DamagedCheckpointsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "version, 2",
        "definition, {}",
        "enabled, false",
        "deleted, true",
        "replay, 7",
        "replay_from, TRIM_HORIZON",
        "replay_applied, true",
        "last_modified, 2026-11-23T08:15:00Z",
        "namespace, bar"
    })
    void a_mappings_value_that_was_not_written_by_the_store_is_damage(String column, String value) {
        JdbcMappingStore mappings = new JdbcMappingStore(database);
        mappings.create("shop", new StoredMapping("m", "{\"batchSize\":1}", true, false, null, Instant.EPOCH, 1));
        sql.update("update shardmill_mapping set " + column + " = ?", value);
        String namespace = column.equals("namespace") ? value : "shop";

        assertThatThrownBy(() -> mappings.all(namespace))
                .isInstanceOf(DamagedCheckpointsException.class)
                .hasMessageContainingAll("shardmill_mapping", "mapping m", "namespace " + namespace);
        assertThatThrownBy(() -> mappings.find(namespace, "m")).isInstanceOf(DamagedCheckpointsException.class);
    }

    @Test
    void a_database_that_is_gone_is_a_store_exception_in_every_method() {
        sql.execute("drop table shardmill_checkpoint");
        List<CheckpointUpdate> updates =
                List.of(new CheckpointUpdate(KEY, "shard-0", "me", 1, ShardState.READING, Progress.NONE));

        for (Runnable call : List.<Runnable>of(
                () -> store.load(KEY),
                () -> store.mappings("shop"),
                () -> store.create(KEY, List.of(ROW)),
                () -> Takes.take(store, KEY, "shard-0", "me"),
                () -> store.save(updates),
                () -> store.replace(KEY, List.of(ROW)),
                () -> store.delete(KEY, List.of("shard-0")))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(CheckpointStoreException.class)
                    .hasCauseInstanceOf(Exception.class);
        }
        assertThatThrownBy(() -> store.save(updates)).hasMessageContaining("not known whether");
    }

    @Test
    void a_table_without_its_primary_key_is_an_error_that_says_so() {
        store.create(KEY, List.of(ROW));
        sql.execute("alter table shardmill_checkpoint drop primary key");
        sql.execute("insert into shardmill_checkpoint select * from shardmill_checkpoint");

        assertThatThrownBy(() -> Takes.take(store, KEY, "shard-0", "me"))
                .isInstanceOf(CheckpointStoreException.class)
                .hasMessageContaining("2 rows")
                .hasMessageContaining("primary key");
        assertThat(store.load(KEY)).extracting(CheckpointRow::epoch).containsOnly(0L);
    }

    @Test
    void a_failing_row_leaves_the_whole_call_undone() {
        CheckpointRow tooLong =
                CheckpointRow.begin("x".repeat(300), ShardState.READING, Position.trimHorizon(), List.of());
        assertThatThrownBy(() -> store.create(KEY, List.of(ROW, tooLong))).isInstanceOf(CheckpointStoreException.class);
        assertThat(store.load(KEY)).isEmpty();
    }

    @Test
    void a_change_is_committed_even_if_the_callers_transaction_is_rolled_back() {
        store.create(KEY, List.of(ROW));
        sql.execute("create table callers_own (id int)");
        AtomicReference<CheckpointRow> taken = new AtomicReference<>();
        new TransactionTemplate(new JdbcTransactionManager(database)).executeWithoutResult(status -> {
            sql.update("insert into callers_own values (1)");
            taken.set(Takes.take(store, KEY, "shard-0", "me"));
            status.setRollbackOnly();
        });
        assertThat(store.load(KEY)).containsExactly(taken.get());
        assertThat(sql.queryForList("select * from callers_own")).isEmpty();
    }

    @Test
    void a_database_user_without_admin_rights_can_save_too_and_is_told_once_what_is_missing() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        ((Logger) LoggerFactory.getLogger(CommitSync.class)).addAppender(lines);
        sql.execute("create user app password ''");
        sql.execute("grant select, insert, update, delete on shardmill_checkpoint, shardmill_lane to app");
        JdbcDataSource asApp = new JdbcDataSource();
        asApp.setUrl(database.getUrl().replace(";DB_CLOSE_DELAY=-1", ""));
        asApp.setUser("app");
        JdbcCheckpointStore appStore = new JdbcCheckpointStore(asApp);

        appStore.create(KEY, List.of(ROW));
        long epoch = Takes.take(appStore, KEY, "shard-0", "me").epoch();
        Progress progress = new Progress(SequenceNumber.of(5), List.of(), List.of());

        assertThat(appStore.save(
                        List.of(new CheckpointUpdate(KEY, "shard-0", "me", epoch, ShardState.READING, progress))))
                .isEmpty();
        assertThat(store.load(KEY)).extracting(CheckpointRow::progress).containsExactly(progress);
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage()).contains("CHECKPOINT SYNC", "ADMIN");
        ((Logger) LoggerFactory.getLogger(CommitSync.class)).detachAppender(lines);
    }

    private static JdbcDataSource h2(String user) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        dataSource.setUser(user);
        return dataSource;
    }
}
