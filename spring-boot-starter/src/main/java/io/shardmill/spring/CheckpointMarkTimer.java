package io.shardmill.spring;

import io.shardmill.poller.checkpoint.jdbc.CheckpointGuard;
import io.shardmill.runtime.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Advances the checkpoints' mark while the process runs, on a thread of its own: the database may block. */
final class CheckpointMarkTimer implements AutoCloseable {

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("shardmill-checkpoints-mark"));

    CheckpointMarkTimer(CheckpointGuard guard, Duration interval) {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                guard::advance, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Doesn't interrupt a write: that would close the file. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
