package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.FunctionTransactions;
import org.jspecify.annotations.Nullable;

/** The transactions of one process, which can't be begun now and then. */
final class SimulatedTransactions implements FunctionTransactions {

    private final SimulatedProcess process;
    private final DatabaseTrouble database;
    private final SimulatedWorld world;
    private @Nullable SimulatedTransaction begun;

    SimulatedTransactions(SimulatedProcess process, DatabaseTrouble database, SimulatedWorld world) {
        this.process = process;
        this.database = database;
        this.world = world;
    }

    @Override
    public SimulatedTransaction begin() {
        SimulatedTransaction transaction = database.call(() -> new SimulatedTransaction(process, database, world));
        begun = transaction;
        return transaction;
    }

    /** Returns the one that was begun for the invocation that begins now. */
    SimulatedTransaction current() {
        if (begun == null) {
            throw new Violation(process.name + " invokes a transactional function without a transaction");
        }
        SimulatedTransaction current = begun;
        begun = null;
        return current;
    }
}
