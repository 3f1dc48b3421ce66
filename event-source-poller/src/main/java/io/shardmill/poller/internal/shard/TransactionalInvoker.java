package io.shardmill.poller.internal.shard;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.UncommittableException;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure;
import java.util.function.Consumer;

/**
 * Invokes the function of a shard in a transaction, which commits what the function wrote together with the fact that its batch is
 * finished. All but a success is rolled back: also a batch of which some records failed, whose good ones are invoked again by
 * themselves. What was not in time was decided before the commit.
 */
final class TransactionalInvoker implements BatchInvoker {

    private final ShardAssignment assignment;
    private final boolean unpacked;
    private final BatchInvoker invoker;
    private final FunctionTransactions transactions;

    /** @param unpacked whether the source {@linkplain io.shardmill.poller.stream.StreamSource#unpacks unpacks} */
    TransactionalInvoker(
            ShardAssignment assignment, boolean unpacked, BatchInvoker invoker, FunctionTransactions transactions) {
        this.assignment = assignment;
        this.unpacked = unpacked;
        this.invoker = invoker;
        this.transactions = transactions;
    }

    @Override
    public Completion<InvocationOutcome> invoke(
            Invocation invocation, DeadlineListener listener, Consumer<InvocationOutcome> later) {
        FunctionTransaction transaction;
        try {
            transaction = transactions.begin();
        } catch (CheckpointStoreException unable) {
            return Completion.here(Failure.notInvoked(String.valueOf(unable.getMessage())));
        }
        try {
            Completion<InvocationOutcome> call = invoker.invoke(
                    invocation, listener, outcome -> later.accept(end(transaction, invocation, outcome)));
            return call instanceof Completion.Here<InvocationOutcome> here
                    ? Completion.here(end(transaction, invocation, here.outcome()))
                    : call;
        } catch (RuntimeException | Error fault) {
            transaction.close();
            throw fault;
        }
    }

    private InvocationOutcome end(FunctionTransaction transaction, Invocation invocation, InvocationOutcome outcome) {
        try (transaction) {
            return outcome instanceof InvocationOutcome.Succeeded ? commit(transaction, invocation, outcome) : outcome;
        }
    }

    /** A commit of which nothing was heard is tried again with its batch: the fact says then whether it was made. */
    private InvocationOutcome commit(
            FunctionTransaction transaction, Invocation invocation, InvocationOutcome success) {
        try {
            return switch (transaction.commit(assignment.commit(finishedBy(invocation)))) {
                case COMMITTED, FINISHED_BEFORE -> success;
                case NOT_OWNED -> Failure.notInvoked("another process has the shard; its transaction was rolled back");
            };
        } catch (UncommittableException refused) {
            return Failure.threw(refused);
        } catch (CheckpointStoreException unknown) {
            return Failure.notInvoked(String.valueOf(unknown.getMessage()));
        }
    }

    private LaneFact finishedBy(Invocation invocation) {
        SequenceNumber last =
                invocation.records().get(invocation.records().size() - 1).sequenceNumber();
        return new LaneFact(invocation.lane(), assignment.mapping().batching().parallelizationFactor(), last, unpacked);
    }
}
