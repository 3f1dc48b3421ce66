package io.shardmill.aws.lambda;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Time that passes only when it is told to. */
final class FakeLater implements AsynchronousInvocations.Later {

    private final Deque<Runnable> due = new ArrayDeque<>();
    private final List<String> waits = new ArrayList<>();

    @Override
    public void run(Duration wait, Runnable work) {
        waits.add(wait.toString());
        due.add(work);
    }

    void runNext() {
        due.remove().run();
    }

    void runAll() {
        while (!due.isEmpty()) {
            runNext();
        }
    }

    List<String> waits() {
        return waits;
    }

    @Override
    public int stop() {
        return due.size();
    }
}
