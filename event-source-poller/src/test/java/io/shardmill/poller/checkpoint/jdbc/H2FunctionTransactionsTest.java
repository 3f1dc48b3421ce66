package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransaction.Outcome;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class H2FunctionTransactionsTest extends JdbcFunctionTransactionsContract {

    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");

    @Override
    @BeforeEach
    protected void take() {
        CheckpointSchema.create(pool);
        super.take();
    }

    @AfterEach
    void close() {
        pool.dispose();
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Override
    void endAfterViolation(FunctionTransaction transaction) {
        assertThat(transaction.commit(commitOf(fact(0, 10, 5)))).isEqualTo(Outcome.COMMITTED);
        assertThat(written()).isEqualTo(1);
    }
}
