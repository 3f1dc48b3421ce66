package io.shardmill.poller.internal.shard;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pool that hands a task to an idle thread, else to a new one, and queues only when it has all its
 * threads, or when the system gives it no more. {@link ThreadPoolExecutor} alone can do one or the other: its
 * queue here refuses what it offers, and takes what this pool puts into it.
 *
 * <p>One thread, {@linkplain #prestartCoreThread started beforehand}, stays for as long as the pool is open, so that
 * a task that was taken is run even while no thread can be started. (It too may end if another can't be started just as
 * it has been idle for that long: the pool then refuses tasks until a thread can be started again.)
 */
public final class ElasticPool extends ThreadPoolExecutor {

    private static final long IDLE_SECONDS = 10;

    /** Tasks that run or wait. Counted from the submission on: a thread about to take a task is not idle. */
    private final AtomicInteger submitted = new AtomicInteger();

    /** A pool of at most {@code threads} threads, which end when they are idle, all but one. */
    public ElasticPool(int threads, ThreadFactory factory) {
        super(1, threads, IDLE_SECONDS, TimeUnit.SECONDS, new OwnQueue(), ElasticPool::queueIfOpen);
        setThreadFactory(worker -> factory.newThread(() -> {
            try {
                worker.run();
            } finally {
                resubmit();
            }
        }));
    }

    /**
     * {@inheritDoc}
     *
     * @throws RejectedExecutionException if the pool is closed
     * @throws Error if the pool has no thread and none can be started; the task won't run
     */
    @Override
    public void execute(Runnable task) {
        int wanted = submitted.incrementAndGet();
        try {
            if (wanted <= getPoolSize()) {
                queueIfOpen(task, this);
            } else {
                startOrQueue(task);
            }
        } catch (RejectedExecutionException | Error refused) {
            submitted.decrementAndGet();
            throw refused;
        }
        if (!getQueue().isEmpty() && isShortOfThreads()) {
            resubmit();
        }
    }

    /** Queues a task for the existing threads if none can be started for it. */
    private void startOrQueue(Runnable task) {
        try {
            super.execute(task);
        } catch (Error noThread) {
            queueIfOpen(task, this);
            if (getPoolSize() == 0 && getQueue().remove(task)) {
                throw noThread;
            }
        }
    }

    private boolean isShortOfThreads() {
        int threads = getPoolSize();
        return threads < submitted.get() && threads < getMaximumPoolSize();
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        submitted.decrementAndGet();
    }

    /**
     * A thread may end as idle just when a task is queued for it, which must not wait for the others: so
     * both the thread that ends and the one that queued check again, and the second one finds it.
     */
    private void resubmit() {
        Runnable task = isShutdown() ? null : getQueue().poll();
        if (task != null) {
            try {
                super.execute(task);
            } catch (RejectedExecutionException | Error refused) {
                queue().enqueue(task); // as it was: for a thread that is there, or for the next one
            }
        }
    }

    private static void queueIfOpen(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("The engine is closed");
        }
        ((ElasticPool) pool).queue().enqueue(task);
    }

    private OwnQueue queue() {
        return (OwnQueue) getQueue();
    }

    /** Returns whether tasks wait for a thread. */
    public boolean othersWait() {
        return !getQueue().isEmpty();
    }

    /** Makes room for more threads, or for fewer if negative: those beyond the limit end when they are idle. */
    public synchronized void grow(int threads) {
        setMaximumPoolSize(getMaximumPoolSize() + threads);
    }

    private static final class OwnQueue extends LinkedBlockingQueue<Runnable> {

        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable task) {
            return false;
        }

        void enqueue(Runnable task) {
            super.offer(task);
        }
    }
}
