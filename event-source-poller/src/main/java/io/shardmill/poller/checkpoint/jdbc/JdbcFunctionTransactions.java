package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions of the application's own transaction manager, at READ COMMITTED, in the database that has the tables of
 * {@link CheckpointSchema}. What runs on the thread takes part in them as in any other of that manager. Thread-safe.
 */
public final class JdbcFunctionTransactions implements FunctionTransactions {

    private final PlatformTransactionManager manager;
    private final DataSource dataSource;
    private final NamedParameterJdbcTemplate jdbc;
    private final LaneFacts facts;
    private final Duration stopped;
    private volatile @Nullable Database database;

    /**
     * @param dataSource which the manager binds connections of; nothing is read or written yet
     * @param stopped how long a process that stands still may keep other processes from a shard, 1 s or longer
     */
    public JdbcFunctionTransactions(PlatformTransactionManager manager, DataSource dataSource, Duration stopped) {
        this.manager = manager;
        this.dataSource = dataSource;
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.facts = new LaneFacts(jdbc);
        this.stopped = stopped;
    }

    @Override
    public FunctionTransaction begin() {
        try {
            Database is = database();
            DefaultTransactionDefinition definition =
                    new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            definition.setIsolationLevel(is.isolation());
            definition.setName("shardmill");
            TransactionStatus status = manager.getTransaction(definition);
            if (!TransactionSynchronizationManager.hasResource(dataSource)) {
                manager.rollback(status);
                throw new IllegalTransactionStateException("the transaction manager "
                        + manager.getClass().getName()
                        + " does not use the DataSource of the checkpoints. Make one primary"
                        + " that does, or leave out transactional");
            }
            return new JdbcFunctionTransaction(manager, status, jdbc, facts, is.lock());
        } catch (DataAccessException unable) {
            throw failed(unable);
        } catch (TransactionException unable) {
            throw failed(unable);
        }
    }

    private static CheckpointStoreException failed(RuntimeException unable) {
        return new CheckpointStoreException(
                "could not begin a transaction: " + DatabaseFailures.message(unable), unable);
    }

    private Database database() {
        Database known = database;
        if (known == null) {
            ConnectionCallback<Database> asked = connection -> Database.of(connection, stopped);
            known = Objects.requireNonNull(new JdbcTemplate(dataSource).execute(asked));
            database = known;
        }
        return known;
    }

    /**
     * What is asked once.
     *
     * @param isolation to begin transactions with: none if connections have READ COMMITTED, because Spring asks each one what it has before it sets another
     */
    private record Database(OwnershipLock lock, int isolation) {

        static Database of(Connection connection, Duration stopped) throws SQLException {
            boolean isReadCommitted = connection.getTransactionIsolation() == Connection.TRANSACTION_READ_COMMITTED;
            return new Database(
                    OwnershipLock.of(connection.getMetaData().getDatabaseProductName(), stopped),
                    isReadCommitted
                            ? TransactionDefinition.ISOLATION_DEFAULT
                            : TransactionDefinition.ISOLATION_READ_COMMITTED);
        }
    }
}
