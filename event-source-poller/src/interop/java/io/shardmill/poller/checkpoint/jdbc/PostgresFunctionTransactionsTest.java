package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.UncommittableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class PostgresFunctionTransactionsTest extends JdbcFunctionTransactionsContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Override
    DataSource dataSource() {
        return POSTGRES.dataSource();
    }

    @Override
    void endAfterViolation(FunctionTransaction transaction) {
        assertThatThrownBy(() -> transaction.commit(commitOf(fact(0, 10, 5))))
                .isInstanceOf(UncommittableException.class);
    }

    @Test
    void a_deferred_constraint_that_fails_the_commit_is_a_failure_of_the_function() {
        jdbc().execute("alter table balance add unique (cents) deferrable initially deferred");
        try (FunctionTransaction transaction = new JdbcFunctionTransactions(
                        new DataSourceTransactionManager(dataSource()), dataSource(), STANDSTILL)
                .begin()) {
            write("a");
            write("b");
            assertThatThrownBy(() -> transaction.commit(commitOf(fact(0, 10, 5))))
                    .isInstanceOf(UncommittableException.class);
        }
        assertThat(written()).isZero();
    }

    @Test
    void a_connection_that_the_server_ends_leaves_it_unknown() {
        try (FunctionTransaction transaction = transactions().begin()) {
            write("a");
            Integer backend = jdbc().queryForObject("select pg_backend_pid()", Integer.class);
            CompletableFuture.runAsync(() -> jdbc().queryForList("select pg_terminate_backend(?)", backend))
                    .join();
            assertThatThrownBy(() -> transaction.commit(commitOf(fact(0, 10, 5))))
                    .isInstanceOf(CheckpointStoreException.class)
                    .hasMessageContaining("not known");
        }
        assertThat(written()).isZero();
    }

    @Test
    void lanes_of_a_shard_and_saves_of_its_progress_do_not_wait_for_each_other() throws Exception {
        LaneCommit first = commitOf(fact(0, 10, 5));
        holding(first, () -> {
            assertThat(commit(commitOf(fact(1, 10, 9)))).isEqualTo(Outcome.COMMITTED);
            assertThat(store().save(List.of(new CheckpointUpdate(
                            KEY, SHARD, "me", first.epoch(), ShardState.READING, Progress.NONE))))
                    .isEmpty();
        });
    }

    @Test
    void nobody_takes_a_shard_while_one_of_its_lanes_commits() throws Exception {
        LaneCommit commit = commitOf(fact(0, 10, 5));
        holding(
                commit,
                () -> assertThat(store().takeOver(KEY, Map.of(SHARD, commit.epoch()), "you"))
                        .isEmpty());
        assertThat(store().takeOver(KEY, Map.of(SHARD, commit.epoch()), "you")).hasSize(1);
    }

    @Test
    void who_stands_still_in_a_commit_loses_it_after_a_while() throws Exception {
        LaneCommit commit = commitOf(fact(0, 10, 5));
        holding(commit, () -> await().atMost(Duration.ofSeconds(20))
                .until(() -> store().takeOver(KEY, Map.of(SHARD, commit.epoch()), "you")
                                .size()
                        == 1));
    }

    @Test
    void a_commit_that_is_still_under_way_is_waited_for_and_not_made_again() throws Exception {
        LaneCommit commit = commitOf(fact(0, 10, 5));
        CompletableFuture<Outcome> retry;
        try (Connection connection = dataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(new LaneFacts(new NamedParameterJdbcTemplate(new SingleConnectionDataSource(connection, true)))
                            .add(commit))
                    .isEqualTo(Outcome.COMMITTED);
            retry = CompletableFuture.supplyAsync(() -> {
                try (FunctionTransaction transaction = transactions().begin()) {
                    write("again");
                    return transaction.commit(commit);
                }
            });
            await().until(() -> !jdbc().queryForList("select pid from pg_locks where not granted")
                    .isEmpty());
            connection.commit();
        }
        assertThatThrownBy(() -> retry.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CheckpointStoreException.class)
                .hasMessageContaining("was committed meanwhile");
        assertThat(commit(commit)).isEqualTo(Outcome.FINISHED_BEFORE);
        assertThat(written()).isZero();
    }

    @Test
    void a_commit_of_which_nothing_was_heard_is_waited_for_before_it_is_asked_for() throws Exception {
        LaneCommit commit = commitOf(fact(0, 10, 5));
        CompletableFuture<Boolean> asked;
        try (Connection connection = dataSource().getConnection()) {
            connection.setAutoCommit(false);
            NamedParameterJdbcTemplate underWay =
                    new NamedParameterJdbcTemplate(new SingleConnectionDataSource(connection, true));
            assertThat(OwnershipLock.of("PostgreSQL", Duration.ofMinutes(1)).take(underWay, commit))
                    .isTrue();
            assertThat(new LaneFacts(underWay).add(commit)).isEqualTo(Outcome.COMMITTED);
            asked = CompletableFuture.supplyAsync(() -> {
                try (FunctionTransaction transaction = transactions().begin()) {
                    return transaction.isFinished(commit);
                }
            });
            await().until(() -> !jdbc().queryForList("select pid from pg_locks where not granted")
                    .isEmpty());
            connection.commit();
        }
        assertThat(asked.get(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Runs it while a transaction, in another thread, has its lock and does not go on. */
    private void holding(LaneCommit commit, Runnable meanwhile) throws Exception {
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try (Connection connection = dataSource().getConnection()) {
                SingleConnectionDataSource one = new SingleConnectionDataSource(connection, true);
                new TransactionTemplate(new DataSourceTransactionManager(one)).executeWithoutResult(status -> {
                    assertThat(OwnershipLock.of("PostgreSQL", STANDSTILL)
                                    .take(new NamedParameterJdbcTemplate(one), commit))
                            .isTrue();
                    held.complete(null);
                    goOn.join();
                    status.setRollbackOnly();
                });
            } catch (SQLException | RuntimeException failure) {
                held.completeExceptionally(failure);
            }
        });
        held.get(20, TimeUnit.SECONDS);
        try {
            meanwhile.run();
        } finally {
            goOn.complete(null);
            ended.get(20, TimeUnit.SECONDS);
        }
    }
}
