package io.shardmill.lambda.process;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of a system that has none left when its n-th is asked for, and only then. */
final class TooManyThreads extends ThreadPoolExecutor {

    private final AtomicInteger asked = new AtomicInteger();
    private final int tooMany;

    TooManyThreads(int tooMany) {
        super(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        this.tooMany = tooMany;
    }

    int asked() {
        return asked.get();
    }

    /** As a JVM says it. */
    @Override
    public void execute(Runnable work) {
        if (asked.incrementAndGet() == tooMany) {
            throw new OutOfMemoryError("unable to create native thread (a test)");
        }
        super.execute(work);
    }
}
