package io.shardmill.poller.testkit;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes daemon threads until a shortage begins, and fails as a system that is short of threads does. An executor
 * handles an error of its factory like one of {@link Thread#start}, which newer executors call by another way than an
 * overridable method.
 */
public final class ScarceThreads implements ThreadFactory {

    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean shortage;

    /** Begins or ends the shortage. */
    public void setShortage(boolean shortage) {
        this.shortage = shortage;
    }

    /** Returns how many threads were asked for in vain. */
    public int refusals() {
        return refusals.get();
    }

    @Override
    public Thread newThread(Runnable task) {
        if (shortage) {
            refusals.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread (thrown by a test)");
        }
        Thread thread = new Thread(task, "shardmill-scarce");
        thread.setDaemon(true);
        return thread;
    }
}
