package io.shardmill.lambda.process;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.NotInvokedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The execution environments of one revision of a function. The one used last is used next, so that those beyond the need
 * grow idle and are ended. Thread-safe.
 */
final class EnvironmentPool {

    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentPool.class);

    /** An environment that is about to be free is worth waiting for: a new one takes as long to start. */
    private static final long SETTLING_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Guarded by the pool. */
    private static final class Member {

        final ExecutionEnvironment environment;
        boolean busy;
        long idleSinceNanos;

        Member(ExecutionEnvironment environment) {
            this.environment = environment;
        }
    }

    private final String function;
    private final EnvironmentLimits limits;
    private final Executor threads;
    private final Supplier<ExecutionEnvironment> factory;
    private final Deque<Member> members = new ArrayDeque<>(); // guarded by this; the first was used last
    private int settling; // guarded by this
    private boolean killed; // guarded by this

    /** @param threads wait for environments to settle or to end */
    EnvironmentPool(
            String function, EnvironmentLimits limits, Executor threads, Supplier<ExecutionEnvironment> factory) {
        this.function = function;
        this.limits = limits;
        this.threads = threads;
        this.factory = factory;
    }

    /**
     * Runs one invocation in one of its environments.
     *
     * @throws NotInvokedException if all that may be are busy, none can be started, or the pool is killed
     */
    InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        Member taken = take();
        try {
            return taken.environment.invoke(request);
        } finally {
            giveBack(taken);
        }
    }

    private synchronized Member take() throws NotInvokedException, InterruptedException {
        long latest = System.nanoTime() + SETTLING_TIMEOUT_NANOS;
        Member free = free();
        for (long left = SETTLING_TIMEOUT_NANOS; free == null && settling > 0 && !killed && left > 0; free = free()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = latest - System.nanoTime();
        }
        if (killed) {
            throw new NotInvokedException("function '" + function + "' is being removed or stopped");
        }
        if (free == null && members.size() >= limits.maximum()) {
            throw NotInvokedException.throttled(
                    "all " + limits.maximum() + " execution environments of function '" + function + "' are busy");
        }
        if (free == null) {
            free = new Member(factory.get());
            members.push(free);
        }
        free.busy = true;
        return free;
    }

    private @Nullable Member free() {
        for (Member each : members) {
            if (!each.busy) {
                return each;
            }
        }
        return null;
    }

    /** Frees it at once if it can serve the next invocation at once, else as soon as it can. */
    private void giveBack(Member member) {
        if (member.environment.isSettled()) {
            free(member);
            return;
        }
        settling(1);
        try {
            threads.execute(() -> settle(member));
        } catch (Throwable noThread) { // the invocation's outcome stands
            LOG.warn("Killed a process of function '{}': no thread can wait until it is idle", function, noThread);
            member.environment.killProcess();
            settled(member);
        }
    }

    private void settle(Member member) {
        try {
            member.environment.settle();
        } catch (InterruptedException stop) {
            member.environment.kill();
        } finally {
            settled(member);
        }
    }

    private void settled(Member member) {
        free(member);
        settling(-1);
    }

    private synchronized void settling(int more) {
        settling += more;
        notifyAll();
    }

    private synchronized void free(Member member) {
        member.busy = false;
        member.idleSinceNanos = System.nanoTime();
        if (members.remove(member)) {
            members.push(member);
        }
        notifyAll();
    }

    /** Ends environments that have been idle for too long. One that can't be ended now is ended the next time. */
    synchronized void reap() {
        long latest = System.nanoTime() - limits.idleTime().toNanos();
        try {
            for (Member each : List.copyOf(members)) {
                if (!each.busy && each.idleSinceNanos - latest <= 0) {
                    threads.execute(() -> endQuietly(each.environment));
                    members.remove(each);
                }
            }
        } catch (RuntimeException | Error failed) { // thrown on, it would end all reaping
            LOG.warn("Could not end the idle execution environments of function '{}'", function, failed);
        }
    }

    private static void endQuietly(ExecutionEnvironment environment) {
        try {
            environment.close();
        } catch (InterruptedException stop) {
            environment.kill();
        }
    }

    /** Kills all environments, whatever they are doing; returns when they have ended. */
    void kill() throws InterruptedException {
        List<Member> all;
        synchronized (this) {
            killed = true;
            all = List.copyOf(members);
            notifyAll();
        }
        all.forEach(each -> each.environment.kill());
        for (Member each : all) {
            each.environment.close();
        }
    }

    synchronized int size() {
        return members.size();
    }
}
