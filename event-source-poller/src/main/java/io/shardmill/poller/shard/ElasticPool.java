package io.shardmill.poller.shard;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pool that hands a task to an idle thread, else to a new one, and queues only when it has all its
 * threads. {@link ThreadPoolExecutor} alone can do one or the other: its queue here refuses a task while
 * the pool may still grow, and takes it when the pool can't.
 */
public final class ElasticPool extends ThreadPoolExecutor {

    private static final long IDLE_SECONDS = 10;

    /** Tasks that run or wait. Counted from the submission on: a thread about to take a task is not idle. */
    private final AtomicInteger submitted = new AtomicInteger();

    /** A pool of at most {@code threads} threads, which end when they are idle. */
    public ElasticPool(int threads, ThreadFactory factory) {
        super(1, threads, IDLE_SECONDS, TimeUnit.SECONDS, new GrowFirstQueue(), ElasticPool::queueIfOpen);
        allowCoreThreadTimeOut(true);
        setThreadFactory(worker -> factory.newThread(() -> {
            worker.run();
            resubmit();
        }));
        queue().pool = this;
    }

    @Override
    public void execute(Runnable task) {
        submitted.incrementAndGet();
        try {
            super.execute(task);
        } catch (RejectedExecutionException closed) {
            submitted.decrementAndGet();
            throw closed;
        }
        if (!getQueue().isEmpty() && isShortOfThreads()) {
            resubmit();
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
     * both the thread that ends and the one that queued look again, and whoever comes second finds it.
     */
    private void resubmit() {
        Runnable task = isShutdown() ? null : getQueue().poll();
        if (task != null) {
            super.execute(task);
        }
    }

    private static void queueIfOpen(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("The engine is closed");
        }
        ((ElasticPool) pool).queue().enqueue(task);
    }

    /** Whether tasks wait for a thread. */
    public boolean othersWait() {
        return !getQueue().isEmpty();
    }

    /** Makes room for more threads. */
    public synchronized void grow(int threads) {
        setMaximumPoolSize(getMaximumPoolSize() + threads);
    }

    private GrowFirstQueue queue() {
        return (GrowFirstQueue) getQueue();
    }

    private static final class GrowFirstQueue extends LinkedBlockingQueue<Runnable> {

        private static final long serialVersionUID = 1;

        private transient @Nullable ElasticPool pool;

        @Override
        public boolean offer(Runnable task) {
            ElasticPool owner = pool;
            return owner != null && owner.submitted.get() <= owner.getPoolSize() && super.offer(task);
        }

        void enqueue(Runnable task) {
            super.offer(task);
        }
    }
}
