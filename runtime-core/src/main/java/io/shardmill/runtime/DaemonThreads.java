package io.shardmill.runtime;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that keep no process alive. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /** Returns a factory of threads that all have this name: for a pool of one. */
    public static ThreadFactory named(String name) {
        return work -> make(work, name);
    }

    /** Returns a factory of threads that are numbered from 1 on. */
    public static ThreadFactory numbered(String prefix) {
        AtomicInteger made = new AtomicInteger();
        return work -> make(work, prefix + made.incrementAndGet());
    }

    private static Thread make(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
