package io.shardmill.embedded.internal.log;

import io.shardmill.runtime.DaemonThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes every change in the folder, as the only thread. Callers hand it puts, which it stores in groups, and
 * other work, one after the other in the order of arrival. So no interrupt of a caller reaches a file.
 */
public final class LogThread {

    private static final Logger LOG = LoggerFactory.getLogger(LogThread.class);
    private static final long CHORES_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    private final List<PutRequest> group = new ArrayList<>();
    private final GroupCommit commit;
    private final Runnable chores;
    private final int maxGroupBytes;
    private final Thread thread;
    private long choresDueNanos = System.nanoTime() + CHORES_NANOS;
    private volatile boolean stopped;

    /**
     * @param chores run about twice a minute
     * @param maxGroupBytes no request is added to a group that has as much
     */
    LogThread(GroupCommit commit, Runnable chores, int maxGroupBytes) {
        this.maxGroupBytes = maxGroupBytes;
        this.commit = commit;
        this.chores = chores;
        this.thread = DaemonThreads.named("shardmill-log").newThread(this::runUntilStopped);
    }

    int maxGroupBytes() {
        return maxGroupBytes;
    }

    public void start() {
        thread.start();
    }

    /** Work without a result. */
    public interface Change {
        void apply() throws IOException;
    }

    /** Work other than a put, done alone and in turn. */
    private record Task<T>(Callable<T> work, CompletableFuture<T> done) implements Runnable {

        @Override
        public void run() {
            try {
                done.complete(work.call());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        }
    }

    /** @throws IllegalStateException if the streams are closed */
    void submit(PutRequest request) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a wake-up or a listener must not put: it would wait for itself");
        }
        enqueue(request);
    }

    /** Runs the work on the log thread and waits for it, interrupted or not; the interrupt flag stays as it is. */
    public <T> T call(Callable<T> work) {
        Task<T> task = new Task<>(work, new CompletableFuture<>());
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            enqueue(task);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.done.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw Failures.rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs the change on the log thread and waits for it, as {@link #call} does. */
    public void run(Change change) {
        call(() -> {
            change.apply();
            return Boolean.TRUE;
        });
    }

    private void enqueue(Object work) {
        queue.add(work);
        if (stopped && queue.remove(work)) {
            throw closed();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the embedded streams are closed");
    }

    /** Runs the last work, refuses everything behind it, and waits for the thread to end. */
    public void stop(Change last) {
        try {
            call(() -> {
                try {
                    last.apply();
                    return Boolean.TRUE;
                } finally {
                    stopped = true;
                }
            });
        } finally {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runUntilStopped() {
        while (!stopped) {
            try {
                runOnce();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and a set flag would close the files.
                LOG.warn("The log thread was interrupted; it continues");
            } catch (Throwable e) {
                logFailure(e);
            }
        }
        for (Object work = queue.poll(); work != null; work = queue.poll()) {
            refuse(work);
        }
        commit.close();
    }

    /** Whatever happens, memory that is full included, nothing can be put any more once this thread has ended. */
    private static void logFailure(Throwable failure) {
        try {
            LOG.error("The log thread continues after a failure", failure);
        } catch (Throwable unsaid) {
            // there is no other way to say it
        }
    }

    private void runOnce() throws InterruptedException {
        Object work = queue.poll(choresDueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (work instanceof PutRequest first) {
            gather(first);
            try {
                commit.commit(group);
            } catch (Throwable e) {
                group.forEach(request -> request.fail(e));
                throw e;
            } finally {
                group.clear();
            }
        } else if (work instanceof Runnable task) {
            task.run();
        }
        if (System.nanoTime() - choresDueNanos >= 0) {
            choresDueNanos = System.nanoTime() + CHORES_NANOS;
            chores.run();
        }
    }

    private void gather(PutRequest first) {
        long bytes = first.bytes();
        group.add(first);
        while (bytes < maxGroupBytes && queue.peek() instanceof PutRequest next) {
            queue.remove();
            group.add(next);
            bytes += next.bytes();
        }
    }

    private static void refuse(Object work) {
        if (work instanceof PutRequest request) {
            request.fail(closed());
        } else if (work instanceof Task<?> task) {
            task.done.completeExceptionally(closed());
        }
    }
}
