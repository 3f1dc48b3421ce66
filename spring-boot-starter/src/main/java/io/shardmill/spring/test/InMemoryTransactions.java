package io.shardmill.spring.test;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.UncommittableException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/**
 * Rolls back what a function wrote as in production. The fact that a batch is finished is committed after that, in memory: no test
 * outlives its process.
 */
record InMemoryTransactions(PlatformTransactionManager manager, FunctionTransactions facts)
        implements FunctionTransactions {

    @Override
    public FunctionTransaction begin() {
        TransactionStatus status;
        try {
            status = manager.getTransaction(
                    new DefaultTransactionDefinition(DefaultTransactionDefinition.PROPAGATION_REQUIRES_NEW));
        } catch (TransactionException unable) {
            throw new CheckpointStoreException("could not begin a transaction: " + unable.getMessage(), unable);
        }
        FunctionTransaction fact = facts.begin();
        return new FunctionTransaction() {
            @Override
            public boolean isFinished(LaneCommit commit) {
                return fact.isFinished(commit);
            }

            @Override
            public Outcome commit(LaneCommit commit) {
                if (status.isRollbackOnly()) {
                    throw new UncommittableException("the function has marked its transaction for rollback");
                }
                try {
                    manager.commit(status);
                } catch (RuntimeException refused) {
                    throw new UncommittableException("the function's transaction can't be committed", refused);
                }
                return fact.commit(commit);
            }

            @Override
            public void close() {
                if (!status.isCompleted()) {
                    manager.rollback(status);
                }
            }
        };
    }
}
