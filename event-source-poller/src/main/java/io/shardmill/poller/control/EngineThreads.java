package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.ElasticPool;
import io.shardmill.poller.internal.shard.EngineTimer;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.DurationText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's threads: an elastic pool for turns and invocations, one for due times, one for checkpoints, and two for
 * the other processes that share the shards.
 * The timer's thread is no daemon: from the first mapping on, until the engine is closed, the process lives.
 */
final class EngineThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

    private final ElasticPool pool;
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor checkpoints;
    private final ThreadPoolExecutor heartbeats;
    private final ThreadPoolExecutor looks;

    /** @param workers makes the threads of the pool */
    EngineThreads(int turnThreads, ThreadFactory workers) {
        pool = new ElasticPool(turnThreads, workers);
        timer = new ScheduledThreadPoolExecutor(1, EngineThreads::timerThread);
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        checkpoints = single("shardmill-checkpoints");
        heartbeats = single("shardmill-heartbeats");
        looks = single("shardmill-members");
    }

    /** Starts its thread with its first task. */
    private static ThreadPoolExecutor single(String name) {
        return new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), DaemonThreads.named(name));
    }

    private static Thread timerThread(Runnable dueTimes) {
        Thread thread = new Thread(dueTimes, "shardmill-timer");
        thread.setDaemon(false);
        return thread;
    }

    /**
     * Makes room for a mapping. From the first one on, the timer's thread keeps the process alive, and one of each
     * kind is there: when the system gives no more threads, the engine is slow and not dead.
     */
    void grow(int threads) {
        pool.grow(threads);
        pool.prestartCoreThread();
        checkpoints.prestartCoreThread();
        timer.prestartCoreThread();
    }

    /** Takes back what {@link #grow} gave; running tasks are not affected. */
    void shrink(int threads) {
        pool.grow(-threads);
    }

    ElasticPool pool() {
        return pool;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    ExecutorService checkpoints() {
        return checkpoints;
    }

    /** Sends heartbeats, and nothing else. */
    ExecutorService heartbeats() {
        return heartbeats;
    }

    /** Looks at the other processes that share the shards. */
    ExecutorService looks() {
        return looks;
    }

    EngineTimer dueTimes(InstantSource clock) {
        return (millis, task) -> {
            Future<?> unused = timer.schedule(task, Math.max(0, millis - clock.millis()), TimeUnit.MILLISECONDS);
        };
    }

    /** Ends all threads; one that is in user code ends when that returns. */
    @Override
    public void close() {
        close(END_TIMEOUT, END_TIMEOUT);
    }

    /** Ends all threads, waiting so long for the last save and then for the threads that work. */
    void close(Duration saveTimeout, Duration workTimeout) {
        timer.shutdownNow();
        heartbeats.shutdownNow();
        looks.shutdownNow();
        checkpoints.shutdown();
        try {
            if (!checkpoints.awaitTermination(saveTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The last checkpoints could not be saved within {}", DurationText.of(saveTimeout));
            }
            pool.shutdown(); // only now: shards are notified of what was saved
            pool.awaitTermination(workTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            pool.shutdown();
        }
    }
}
