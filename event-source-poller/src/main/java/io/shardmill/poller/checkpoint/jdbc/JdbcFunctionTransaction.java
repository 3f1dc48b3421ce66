package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.UncommittableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** One transaction of the application's transaction manager, on the thread that began it. */
final class JdbcFunctionTransaction implements FunctionTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcFunctionTransaction.class);

    private final PlatformTransactionManager manager;
    private final TransactionStatus status;
    private final NamedParameterJdbcTemplate jdbc;
    private final LaneFacts facts;
    private final OwnershipLock lock;
    private final Ending ending = new Ending();

    JdbcFunctionTransaction(
            PlatformTransactionManager manager,
            TransactionStatus status,
            NamedParameterJdbcTemplate jdbc,
            LaneFacts facts,
            OwnershipLock lock) {
        this.manager = manager;
        this.status = status;
        this.jdbc = jdbc;
        this.facts = facts;
        this.lock = lock;
        TransactionSynchronizationManager.registerSynchronization(ending);
    }

    @Override
    public boolean isFinished(LaneCommit commit) {
        try {
            OwnershipLock.takeAlone(jdbc, commit);
            return facts.has(commit);
        } catch (DataAccessException unreachable) {
            throw new CheckpointStoreException(
                    "it is not known whether the function's transaction was committed: "
                            + DatabaseFailures.message(unreachable),
                    unreachable);
        }
    }

    @Override
    public Outcome commit(LaneCommit commit) {
        if (status.isRollbackOnly()) {
            throw new UncommittableException("the function has marked its transaction for rollback");
        }
        try {
            status.flush(); // what an ORM holds back comes before the lock
            if (!lock.take(jdbc, commit)) {
                return Outcome.NOT_OWNED;
            }
            Outcome outcome = facts.add(commit);
            if (outcome == Outcome.COMMITTED) {
                manager.commit(status);
            }
            return outcome;
        } catch (CheckpointStoreException ours) {
            throw ours;
        } catch (RuntimeException refused) { // of the database, of Spring, or of an ORM whose changes were held back
            if (ending.isCommitted) {
                LOG.warn("What the function has registered for after its commit has failed; the commit holds", refused);
                return Outcome.COMMITTED;
            }
            throw failed(refused);
        }
    }

    /** Hears what really became of the transaction: a callback of the function's may throw after the commit. */
    private static final class Ending implements TransactionSynchronization {

        private boolean isCommitted;

        @Override
        public void afterCompletion(int status) {
            isCommitted = status == STATUS_COMMITTED;
        }
    }

    private static RuntimeException failed(RuntimeException refused) {
        return DatabaseFailures.isOfDatabase(refused)
                ? new CheckpointStoreException(
                        "it is not known whether the function's transaction was committed: "
                                + DatabaseFailures.message(refused),
                        refused)
                : new UncommittableException("the function's transaction can't be committed", refused);
    }

    @Override
    public void close() {
        if (status.isCompleted()) {
            return;
        }
        try {
            manager.rollback(status);
        } catch (RuntimeException unable) {
            LOG.debug("A transaction could not be rolled back: the database does so when its connection ends", unable);
        }
    }
}
