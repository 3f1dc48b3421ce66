package io.shardmill.lambda.process;

import io.shardmill.runtime.NotInvokedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The execution environments of one version of a function's code and settings. The one used last is used next, so that
 * those beyond the need grow idle and are ended. Thread-safe.
 */
final class EnvironmentPool {

    /** An environment that is about to be free is worth waiting for: a new one takes as long to start. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Guarded by the pool. */
    private static final class Member {

        final ExecutionEnvironment environment;
        int running;
        long idleSinceNanos;

        Member(ExecutionEnvironment environment) {
            this.environment = environment;
        }
    }

    private final ProcessFunctionSettings settings;
    private final ProcessRuntime runtime;
    private final Deque<Member> members = new ArrayDeque<>(); // guarded by this; the first was used last
    private int settling;
    private boolean retired;

    EnvironmentPool(ProcessFunctionSettings settings, ProcessRuntime runtime) {
        this.settings = settings;
        this.runtime = runtime;
    }

    /**
     * Runs one invocation in one of its environments.
     *
     * @return null if this pool is retired
     * @throws NotInvokedException if all that may be are busy, or none can be started
     */
    @Nullable
    InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        Member taken = take();
        if (taken == null) {
            return null;
        }
        try {
            return taken.environment.invoke(request);
        } finally {
            giveBack(taken);
        }
    }

    private synchronized @Nullable Member take() throws NotInvokedException, InterruptedException {
        long patience = System.nanoTime() + PATIENCE_NANOS;
        Member free = free();
        for (long left = PATIENCE_NANOS; free == null && settling > 0 && !retired && left > 0; free = free()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = patience - System.nanoTime();
        }
        if (retired) {
            return null;
        }
        int maximum = settings.environments().maximum();
        if (free == null && members.size() >= maximum) {
            throw NotInvokedException.throttled("all " + maximum + " execution environments of function '"
                    + settings.identity().name() + "' are busy");
        }
        if (free == null) {
            free = new Member(new ExecutionEnvironment(settings, runtime));
            members.push(free);
        }
        free.running++;
        return free;
    }

    private @Nullable Member free() {
        for (Member each : members) {
            if (each.running < settings.environments().concurrency()) {
                return each;
            }
        }
        return null;
    }

    /** At once if it can serve the next invocation at once, else as soon as it can. */
    private void giveBack(Member member) {
        if (member.environment.isSettled()) {
            release(member);
            return;
        }
        settling(1);
        runtime.threads().execute(() -> {
            try {
                member.environment.settle();
            } catch (InterruptedException stop) {
                member.environment.stop();
            } finally {
                release(member);
                settling(-1);
            }
        });
    }

    private synchronized void settling(int more) {
        settling += more;
        notifyAll();
    }

    private synchronized void release(Member member) {
        member.running--;
        member.idleSinceNanos = System.nanoTime();
        if (members.remove(member)) {
            members.push(member);
        }
        if (retired) {
            endIdle(member.idleSinceNanos);
        }
        notifyAll();
    }

    /** Ends those that have been idle for too long. */
    synchronized void reap() {
        endIdle(System.nanoTime() - settings.environments().idleTime().toNanos());
    }

    private void endIdle(long untilNanos) {
        for (Member each : List.copyOf(members)) {
            if (each.running == 0 && each.idleSinceNanos - untilNanos <= 0) {
                members.remove(each);
                endAside(each.environment);
            }
        }
    }

    /** No invocation any more: idle environments end now, busy ones after what they are doing. */
    synchronized void retire() {
        retired = true;
        endIdle(System.nanoTime());
        notifyAll();
    }

    /** Ends all of them, whatever they are doing; returns at once. */
    synchronized void stop() {
        retired = true;
        members.forEach(each -> each.environment.stop());
        notifyAll();
    }

    /** Stops, and waits for the end of all. */
    void close() throws InterruptedException {
        List<Member> all;
        synchronized (this) {
            stop();
            all = new ArrayList<>(members);
        }
        for (Member each : all) {
            each.environment.close();
        }
    }

    synchronized int size() {
        return members.size();
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
