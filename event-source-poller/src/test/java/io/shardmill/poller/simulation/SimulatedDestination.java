package io.shardmill.poller.simulation;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.internal.shard.BatchSender;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.internal.shard.SendOutcome;
import io.shardmill.runtime.DeadlineListener;
import java.util.function.Consumer;

/** An on-failure destination: takes or refuses, at once or later. */
record SimulatedDestination(SimulatedProcess process, SimulatedWorld world) implements BatchSender {

    private static final long DEADLINE_MILLIS = 10_000;

    @Override
    public Completion<SendOutcome> send(DiscardedBatch batch, DeadlineListener listener, Consumer<SendOutcome> later) {
        world.oracle.sends(process, batch, world.time.millis());
        if (world.trouble.strikes(world.trouble.fullMemory)) {
            world.oracle.notSent(process, batch);
            world.tally.count("memory full at a send");
            throw new OutOfMemoryError("while the document is built");
        }
        SendOutcome answer = world.trouble.strikes(world.trouble.refusedDocuments)
                ? new SendOutcome.Refused(new IllegalStateException("refused"))
                : SendOutcome.DELIVERED;
        if (world.random.nextBoolean()) {
            world.oracle.sent(process, batch, world.time.millis());
            return Completion.here(answer);
        }
        long takes = world.trouble.strikes(world.trouble.slowInvocations)
                ? world.random.nextInt(20_000)
                : world.random.nextInt(50);
        if (takes > DEADLINE_MILLIS) {
            process.after(DEADLINE_MILLIS, () -> listener.passed(Thread.currentThread()));
        }
        process.after(takes, () -> {
            world.oracle.sent(process, batch, world.time.millis());
            later.accept(answer);
        });
        return Completion.later();
    }
}
