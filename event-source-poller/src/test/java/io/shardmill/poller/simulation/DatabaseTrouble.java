package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.util.function.Supplier;

/** What can happen to a process's call of the database: it fails before it has committed, or after it, or kills the process. */
final class DatabaseTrouble {

    private final SimulatedProcess process;
    private final SimulatedWorld world;

    DatabaseTrouble(SimulatedProcess process, SimulatedWorld world) {
        this.process = process;
        this.world = world;
    }

    <T> T call(Supplier<T> committing) {
        mayFail("the database can't be reached");
        T result = committing.get();
        mayFail("the answer is lost");
        return result;
    }

    private void mayFail(String how) {
        if (world.trouble.strikes(world.trouble.deadlyCommits)) {
            world.tally.count("crashes in a database call");
            process.die();
        }
        if (!process.isAlive() || process.isPartitioned() || world.trouble.strikes(world.trouble.badCommits)) {
            world.tally.count("failed database calls");
            throw new CheckpointStoreException(how, new IllegalStateException(how));
        }
    }
}
