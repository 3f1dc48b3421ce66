package io.shardmill.lambda.process;

import io.shardmill.runtime.NotInvokedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The execution environments of one version of a function's code and settings. The one used last is used next, so that
 * those beyond the need grow idle and are ended. Thread-safe.
 */
final class EnvironmentPool {

    /** An environment that is about to be free is worth waiting for: a new one takes as long to start. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Idle(ExecutionEnvironment environment, long sinceNanos) {}

    private final ProcessFunctionSettings settings;
    private final ProcessRuntime runtime;
    private final Deque<Idle> idle = new ArrayDeque<>(); // all guarded by this; the first was used last
    private final Set<ExecutionEnvironment> busy = new HashSet<>();
    private int settling;
    private boolean retired;

    EnvironmentPool(ProcessFunctionSettings settings, ProcessRuntime runtime) {
        this.settings = settings;
        this.runtime = runtime;
    }

    /**
     * An environment for one invocation, to be {@link #giveBack given back}; null if this pool is retired.
     *
     * @throws NotInvokedException if all that may be are busy
     */
    synchronized @Nullable ExecutionEnvironment take() throws NotInvokedException, InterruptedException {
        long patience = System.nanoTime() + PATIENCE_NANOS;
        for (long left = PATIENCE_NANOS; idle.isEmpty() && settling > 0 && !retired && left > 0; ) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = patience - System.nanoTime();
        }
        if (retired) {
            return null;
        }
        Idle last = idle.poll();
        int maximum = settings.environments().maximum();
        if (last == null && busy.size() >= maximum) {
            throw new NotInvokedException("throttled: all " + maximum + " execution environments of function '"
                    + settings.identity().name() + "' are busy");
        }
        ExecutionEnvironment taken = last == null ? new ExecutionEnvironment(settings, runtime) : last.environment();
        busy.add(taken);
        return taken;
    }

    /** At once if it can serve the next invocation at once, else as soon as it can. */
    void giveBack(ExecutionEnvironment environment) {
        if (environment.isSettled()) {
            free(environment);
            return;
        }
        settling(1);
        runtime.threads().execute(() -> {
            try {
                environment.settle();
            } catch (InterruptedException stop) {
                environment.stop();
            } finally {
                free(environment);
                settling(-1);
            }
        });
    }

    private synchronized void settling(int more) {
        settling += more;
        notifyAll();
    }

    private void free(ExecutionEnvironment environment) {
        synchronized (this) {
            busy.remove(environment);
            if (!retired) {
                idle.push(new Idle(environment, System.nanoTime()));
                notifyAll();
                return;
            }
        }
        endAside(environment);
    }

    /** Ends those that have been idle for too long. */
    void reap() {
        long oldest = System.nanoTime() - settings.environments().idleTime().toNanos();
        List<ExecutionEnvironment> ended = new ArrayList<>();
        synchronized (this) {
            for (Idle last = idle.peekLast(); last != null && last.sinceNanos() - oldest < 0; last = idle.peekLast()) {
                ended.add(idle.removeLast().environment());
            }
        }
        ended.forEach(this::endAside);
    }

    /** No invocation any more: idle environments end now, busy ones after what they are doing. */
    void retire() {
        List<Idle> unused;
        synchronized (this) {
            retired = true;
            unused = List.copyOf(idle);
            idle.clear();
        }
        unused.forEach(each -> endAside(each.environment()));
    }

    /** Ends all of them, whatever they are doing; returns at once. */
    synchronized void stop() {
        retired = true;
        idle.forEach(each -> busy.add(each.environment()));
        idle.clear();
        busy.forEach(ExecutionEnvironment::stop);
    }

    /** Stops, and waits for the end of all. */
    void close() throws InterruptedException {
        stop();
        List<ExecutionEnvironment> all;
        synchronized (this) {
            all = List.copyOf(busy);
        }
        for (ExecutionEnvironment each : all) {
            each.close();
        }
    }

    synchronized int size() {
        return idle.size() + busy.size();
    }

    private void endAside(ExecutionEnvironment environment) {
        runtime.threads().execute(() -> {
            try {
                environment.close();
            } catch (InterruptedException stop) {
                environment.stop();
            }
        });
    }
}
