package io.shardmill.poller.testkit;

import io.shardmill.poller.internal.shard.EngineTimer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The threads of one process of several in virtual time: it can be killed, or stand still for a while, as by a SIGSTOP. */
public final class Replica implements Executor, EngineTimer {

    private final VirtualTime time;
    private boolean isDead;
    private @Nullable List<Runnable> held;

    public Replica(VirtualTime time) {
        this.time = time;
    }

    @Override
    public void execute(Runnable task) {
        time.execute(() -> run(task));
    }

    @Override
    public void at(long millis, Runnable task) {
        time.at(millis, () -> run(task));
    }

    private void run(Runnable task) {
        if (isDead) {
            return;
        }
        if (held != null) {
            held.add(task);
        } else {
            task.run();
        }
    }

    /** Nothing that it was about to do happens. */
    public void kill() {
        isDead = true;
    }

    /** It stands still until {@link #resume}, while time passes. */
    public void suspend() {
        held = new ArrayList<>();
    }

    /** It resumes where it stood, and notices only at a clock that time has passed. */
    public void resume() {
        List<Runnable> waiting = held == null ? List.of() : held;
        held = null;
        waiting.forEach(this::execute);
    }
}
