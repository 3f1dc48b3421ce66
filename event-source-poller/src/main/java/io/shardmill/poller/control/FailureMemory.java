package io.shardmill.poller.control;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.LastFailure;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.InvocationOutcome.Failure;
import io.shardmill.runtime.InvocationOutcome.Succeeded;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Remembers what failed last of a mapping, since the start of this process. A refusal, which is no attempt, is no failure. Thread-safe. */
final class FailureMemory implements ShardObserver {

    private final AtomicReference<@Nullable LastFailure> last = new AtomicReference<>();

    @Nullable
    LastFailure last() {
        return last.get();
    }

    @Override
    public void attempted(BatchAttempt attempt) {
        boolean isRefusal = attempt.outcome() instanceof Failure failure && !failure.consumesAttempt();
        if (!(attempt.outcome() instanceof Succeeded) && !isRefusal) {
            last.set(LastFailure.of(attempt));
        }
    }

    @Override
    public void dropped(DiscardedBatch batch) {
        givenUp(batch);
    }

    @Override
    public void delivered(DiscardedBatch batch) {
        givenUp(batch);
    }

    @Override
    public void destinationRefused(DiscardedBatch batch, Throwable failure) {
        givenUp(batch);
    }

    private void givenUp(DiscardedBatch batch) {
        last.updateAndGet(before -> LastFailure.of(batch, before));
    }
}
