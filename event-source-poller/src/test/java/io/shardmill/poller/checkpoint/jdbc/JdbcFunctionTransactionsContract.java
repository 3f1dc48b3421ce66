package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.FunctionTransactionsContract;
import io.shardmill.poller.checkpoint.UncommittableException;
import io.shardmill.poller.testkit.Takes;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a function writes is there together with its fact, or not at all. */
abstract class JdbcFunctionTransactionsContract extends FunctionTransactionsContract {

    static final Duration STANDSTILL = Duration.ofSeconds(2);

    abstract DataSource dataSource();

    @Override
    protected final CheckpointStore store() {
        return new JdbcCheckpointStore(dataSource());
    }

    @Override
    protected final FunctionTransactions transactions() {
        return new JdbcFunctionTransactions(new JdbcTransactionManager(dataSource()), dataSource(), STANDSTILL);
    }

    @BeforeEach
    final void createBalances() {
        jdbc().execute("drop table if exists balance");
        jdbc().execute(
                        "create table balance (account varchar(20) primary key, cents bigint not null check (cents >= 0))");
    }

    final JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource());
    }

    final void write(String account) {
        jdbc().update("insert into balance values (?, 1)", account);
    }

    final int written() {
        return jdbc().queryForList("select account from balance").size();
    }

    @Test
    void what_is_written_is_there_with_the_fact() {
        try (FunctionTransaction transaction = transactions().begin()) {
            write("a");
            assertThat(transaction.commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(written()).isEqualTo(1);
        assertThat(facts()).containsExactly(fact(0, 10, 5));
    }

    @Test
    void nothing_is_written_without_a_commit() {
        try (FunctionTransaction transaction = transactions().begin()) {
            write("a");
            assertThat(transaction).isNotNull();
        }
        assertThat(written()).isZero();
    }

    @Test
    void nothing_is_written_by_who_has_lost_the_shard() {
        try (FunctionTransaction transaction = transactions().begin()) {
            write("a");
            Takes.take(store(), KEY, SHARD, "you");
            assertThat(transaction.commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.NOT_OWNED);
        }
        assertThat(written()).isZero();
    }

    @Test
    void nothing_is_written_a_second_time() {
        commit(commitOf(fact(0, 10, 5)));
        try (FunctionTransaction transaction = transactions().begin()) {
            write("again");
            assertThat(transaction.commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.FINISHED_BEFORE);
        }
        assertThat(written()).isZero();
    }

    @Test
    void a_violation_that_the_function_has_swallowed_fails_it_or_leaves_the_rest() {
        FunctionTransaction transaction = transactions().begin();
        try (transaction) {
            write("a");
            assertThatThrownBy(() -> write("a")).isInstanceOf(DataIntegrityViolationException.class);
            endAfterViolation(transaction);
        }
    }

    /** PostgreSQL commits nothing after an error, H2 all but the statement that failed. */
    abstract void endAfterViolation(FunctionTransaction transaction);

    @Test
    void a_rollback_that_the_function_wants_is_a_failure_of_it() {
        try (FunctionTransaction transaction = transactions().begin()) {
            TransactionTemplate inner = new TransactionTemplate(new JdbcTransactionManager(dataSource()));
            inner.executeWithoutResult(status -> {
                write("a");
                status.setRollbackOnly();
            });
            assertThatThrownBy(() -> transaction.commit(commitOf(fact(0, 10, 5))))
                    .isInstanceOf(UncommittableException.class)
                    .hasMessageContaining("marked");
        }
        assertThat(written()).isZero();
        assertThat(facts()).isEmpty();
    }

    @Test
    void a_callback_that_fails_after_the_commit_does_not_undo_it() {
        try (FunctionTransaction transaction = transactions().begin()) {
            write("a");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    throw new IllegalStateException("no mail server");
                }
            });
            assertThat(transaction.commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(written()).isEqualTo(1);
        assertThat(facts()).containsExactly(fact(0, 10, 5));
    }

    @Test
    void a_transaction_of_its_own_that_a_function_makes_is_not_rolled_back() {
        try (FunctionTransaction transaction = transactions().begin()) {
            TransactionTemplate own = new TransactionTemplate(new JdbcTransactionManager(dataSource()));
            own.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
            own.executeWithoutResult(status -> write("audit"));
            assertThat(transaction).isNotNull();
        }
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void a_manager_of_another_data_source_is_refused() {
        SingleConnectionDataSource other = new SingleConnectionDataSource("jdbc:h2:mem:", true);
        FunctionTransactions wrong =
                new JdbcFunctionTransactions(new JdbcTransactionManager(other), dataSource(), STANDSTILL);

        assertThatThrownBy(wrong::begin)
                .isInstanceOf(CheckpointStoreException.class)
                .hasMessageContaining("does not use the DataSource of the checkpoints. Make one primary that does");
        other.destroy();
    }
}
