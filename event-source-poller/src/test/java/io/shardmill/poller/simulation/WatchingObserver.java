package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure.Kind;
import java.util.List;

/** Reports to the oracle what crosses no port: drops, records too large for any event, and faults. */
record WatchingObserver(SimulatedProcess process, SimulatedWorld world) implements ShardObserver {

    @Override
    public void attempted(BatchAttempt attempt) {
        if (attempt.outcome() instanceof InvocationOutcome.Failure failure && failure.kind() == Kind.TOO_LARGE) {
            world.oracle.tooLarge(
                    process,
                    attempt.shard().id(),
                    attempt.lane(),
                    attempt.attempt().number(),
                    world.time.millis());
        }
    }

    @Override
    public void polled(Shard shard, int records) {
        world.story.detail(() -> process.name + " reads " + records + " of " + shard);
    }

    @Override
    public void dropped(DiscardedBatch batch) {
        world.oracle.dropped(process, batch, world.time.millis());
    }

    @Override
    public void unfilterable(Record record, Throwable fault) {
        world.verdict.wrong(process.name + " can't judge " + record + ": " + fault);
    }

    @Override
    public void destinationRefused(DiscardedBatch batch, Throwable failure) {
        world.tally.count("destination refused");
    }

    @Override
    public void stuck(Shard shard, int lane, Thread thread) {
        world.tally.count("stuck");
    }

    @Override
    public void ended(Shard shard) {
        world.tally.count("shard ends");
    }

    @Override
    public void lost(Shard shard) {
        world.tally.count("lost shards");
        world.oracle.lost(process, shard.id(), world.folder.isMember(process.owners.getOrDefault(shard.id(), "")));
        world.story.detail(() -> process.name + " has lost " + shard);
    }

    @Override
    public void leftRunning(Shard shard) {
        world.tally.count("left running");
        process.consumer(shard.id()).isGivenUp = true;
        world.story.detail(() -> process.name + " leaves an invocation of " + shard + " running");
    }

    @Override
    public void crashed(Shard shard, Throwable fault) {
        world.verdict.wrong(process.name + " has a fault in " + shard + ": " + fault + " at "
                + List.of(fault.getStackTrace()).subList(0, Math.min(8, fault.getStackTrace().length)));
    }
}
