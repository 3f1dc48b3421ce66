package io.shardmill.poller.testkit;

import java.util.function.BooleanSupplier;

/** A thread that the system refuses to start while it is short of threads. */
public final class ScarceThread extends Thread {

    private final BooleanSupplier shortage;

    public ScarceThread(Runnable task, BooleanSupplier shortage) {
        super(task, "shardmill-scarce");
        this.shortage = shortage;
        setDaemon(true);
    }

    @Override
    public synchronized void start() {
        if (shortage.getAsBoolean()) {
            throw new OutOfMemoryError("unable to create native thread, says the test");
        }
        super.start();
    }
}
