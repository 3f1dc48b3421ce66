package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs changes, each in a transaction of its own and durable in the end; failures become the store's. */
final class Commits {

    /** An insert that another transaction made meanwhile is an update at the next try, so one retry is enough unless rows are also deleted. */
    private static final int TRIES = 3;

    private final TransactionTemplate transaction;
    private final StandstillLimit standstill;
    private final CommitSync sync;
    private final DataSource dataSource;

    Commits(DataSource dataSource) {
        this.dataSource = dataSource;
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.standstill = new StandstillLimit(dataSource);
        this.sync = new CommitSync(dataSource);
    }

    /** @param what for the message of a failure: "save 3 checkpoints" */
    <T> T change(String what, Supplier<T> change) {
        try {
            T result = commit(change);
            sync.afterCommit();
            return result;
        } catch (DataAccessException | TransactionException | SQLException e) {
            evictIfDead(e);
            throw new CheckpointStoreException(
                    "could not " + what + "; it is not known whether the database did it: "
                            + DatabaseFailures.message(e),
                    e);
        }
    }

    private <T> T commit(Supplier<T> change) {
        for (int tries = 1; ; tries++) {
            try {
                return transaction.execute(status -> {
                    standstill.begin();
                    return change.get();
                });
            } catch (DuplicateKeyException insertedMeanwhile) {
                if (tries == TRIES) {
                    throw insertedMeanwhile;
                }
            }
        }
    }

    <T> T read(String what, Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessException e) {
            evictIfDead(e);
            throw new CheckpointStoreException("could not " + what + ": " + DatabaseFailures.message(e), e);
        }
    }

    /** Evicts the pool's connections, whoever owns the pool: the idle ones are as dead as the one that failed. */
    private void evictIfDead(Exception failure) {
        if (!DatabaseFailures.isOfDeadConnection(failure)) {
            return;
        }
        try {
            if (dataSource.isWrapperFor(EvictingDataSource.class)) {
                dataSource.unwrap(EvictingDataSource.class).evictConnections();
            }
        } catch (SQLException unable) {
            failure.addSuppressed(unable);
        }
    }
}
