package io.shardmill.poller.internal.shard;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.UncommittableException;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Invokes the function of a shard in a transaction, which commits what the function wrote together with the fact that its batch is
 * finished. All but a success is rolled back: also a batch of which some records failed, whose good ones are invoked again by
 * themselves. What was not in time was decided before the commit. Thread-safe.
 */
final class TransactionalInvoker implements BatchInvoker {

    private static final InvocationOutcome SUCCEEDED = new InvocationOutcome.Succeeded();

    /**
     * Where it invokes.
     *
     * @param unpacked whether the source {@linkplain io.shardmill.poller.stream.StreamSource#unpacks unpacks}
     * @param lost to be told when a commit finds that the shard is not this process's any more, as it was
     */
    record Place(ShardAssignment assignment, boolean unpacked, CommittedFacts committed, Runnable lost) {

        private LaneCommit finishedBy(Invocation invocation) {
            SequenceNumber last =
                    invocation.records().get(invocation.records().size() - 1).sequenceNumber();
            int factor = assignment.mapping().batching().parallelizationFactor();
            return assignment.commit(
                    new LaneFact(invocation.lane(), factor, last, unpacked), committed.of(invocation.lane()));
        }
    }

    private final Place place;
    private final BatchInvoker invoker;
    private final FunctionTransactions transactions;
    private final BooleanSupplier mayCall;

    /** Lanes of whose last commit nothing was heard. */
    private final Set<Integer> inDoubt = ConcurrentHashMap.newKeySet();

    /** @param mayCall whether the function may be called: to get a connection may have taken a while */
    TransactionalInvoker(
            Place place, BatchInvoker invoker, FunctionTransactions transactions, BooleanSupplier mayCall) {
        this.place = place;
        this.invoker = invoker;
        this.transactions = transactions;
        this.mayCall = mayCall;
    }

    @Override
    public Completion<InvocationOutcome> invoke(
            Invocation invocation, DeadlineListener listener, Consumer<InvocationOutcome> later) {
        FunctionTransaction transaction;
        try {
            if (inDoubt.contains(invocation.lane())) {
                boolean isThere = wasCommitted(invocation);
                inDoubt.remove(invocation.lane());
                if (isThere) {
                    return Completion.here(SUCCEEDED);
                }
            }
            transaction = transactions.begin();
        } catch (CheckpointStoreException unable) {
            return Completion.here(Failure.notInvoked(String.valueOf(unable.getMessage())));
        }
        try {
            if (!mayCall.getAsBoolean()) {
                transaction.close();
                return Completion.here(Failure.notInvoked(LaneCall.NO_HEARTBEAT));
            }
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

    /**
     * Asks in a transaction of its own, whose lock is gone before the function runs. The function is not to find out by what it has
     * written already: it would fail.
     */
    private boolean wasCommitted(Invocation invocation) {
        LaneCommit commit = place.finishedBy(invocation);
        try (FunctionTransaction asking = transactions.begin()) {
            boolean isThere = asking.isFinished(commit);
            if (isThere) {
                place.committed().add(commit.fact());
            }
            return isThere;
        }
    }

    private InvocationOutcome end(FunctionTransaction transaction, Invocation invocation, InvocationOutcome outcome) {
        try (transaction) {
            return outcome instanceof InvocationOutcome.Succeeded ? commit(transaction, invocation, outcome) : outcome;
        }
    }

    private InvocationOutcome commit(
            FunctionTransaction transaction, Invocation invocation, InvocationOutcome success) {
        try {
            LaneCommit commit = place.finishedBy(invocation);
            if (transaction.commit(commit) == FunctionTransaction.Outcome.NOT_OWNED) {
                place.lost().run();
                return Failure.notCommitted(
                        "the shard was taken or replaced meanwhile; what was written is rolled back");
            }
            place.committed().add(commit.fact());
            return success;
        } catch (UncommittableException refused) {
            return Failure.threw(refused);
        } catch (CheckpointStoreException unknown) {
            inDoubt.add(invocation.lane());
            return Failure.notCommitted(String.valueOf(unknown.getMessage()));
        }
    }
}
