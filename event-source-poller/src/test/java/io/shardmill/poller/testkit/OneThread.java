package io.shardmill.poller.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** A thread of a process in virtual time: runs one task after the other, also where time passes within a task. */
public final class OneThread implements Executor {

    private final Executor process;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean isRunning;

    public OneThread(Executor process) {
        this.process = process;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        process.execute(this::runNext);
    }

    private void runNext() {
        if (isRunning || waiting.isEmpty()) {
            return; // the running one goes on with those that wait
        }
        isRunning = true;
        try {
            waiting.remove().run();
        } finally {
            isRunning = false;
            if (!waiting.isEmpty()) {
                process.execute(this::runNext);
            }
        }
    }
}
