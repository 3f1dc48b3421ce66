package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import org.jspecify.annotations.Nullable;

/** A function's writes of a batch's records, which are there with the fact or not at all. */
final class SimulatedTransaction implements FunctionTransaction {

    private final SimulatedProcess process;
    private final DatabaseTrouble database;
    private final SimulatedWorld world;
    private @Nullable Invocation invocation;
    private InvocationOutcome outcome = InvocationOutcome.Failure.notInvoked("not even tried");

    SimulatedTransaction(SimulatedProcess process, DatabaseTrouble database, SimulatedWorld world) {
        this.process = process;
        this.database = database;
        this.world = world;
    }

    /** The function has written what it had to write for this invocation, if it returned. */
    void returned(Invocation of, InvocationOutcome with) {
        invocation = of;
        outcome = with;
    }

    @Override
    public boolean isFinished(LaneCommit commit) {
        boolean isFinished = database.call(() -> world.plant.isFinished(world.folder.rows(), commit));
        if (isFinished) {
            world.oracle.foundCommitted(process, commit, world.time.millis());
        }
        world.tally.count(isFinished ? "transactions found committed" : "transactions found rolled back");
        return isFinished;
    }

    @Override
    public Outcome commit(LaneCommit commit) {
        world.meanwhile();
        try {
            Outcome ended = database.call(() -> write(commit));
            world.meanwhile();
            if (world.trouble.strikes(world.trouble.lostAnswers)) {
                throw new CheckpointStoreException("the answer is lost", null);
            }
            world.tally.count("transactions " + ended);
            outcome = ended == Outcome.NOT_OWNED ? InvocationOutcome.Failure.notCommitted("not owned") : outcome;
            return ended;
        } catch (CheckpointStoreException unknown) {
            outcome = InvocationOutcome.Failure.notCommitted("unknown");
            throw unknown;
        }
    }

    private Outcome write(LaneCommit commit) {
        Outcome ended = world.plant.commit(world.folder.rows(), commit);
        if (ended == Outcome.COMMITTED && invocation != null) {
            world.oracle.committed(process, commit, invocation.records());
        }
        return ended;
    }

    @Override
    public void close() {
        if (invocation != null && process.isAlive()) {
            world.oracle.returned(process, invocation, outcome, world.time.millis());
        }
    }
}
