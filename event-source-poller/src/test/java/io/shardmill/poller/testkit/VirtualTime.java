package io.shardmill.poller.testkit;

import io.shardmill.poller.internal.shard.EngineTimer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Clock, timer and pool of a world with one thread: tasks run when the test lets them, in the order they
 * came, or in a random one. Time moves only from one due time to the next.
 */
public final class VirtualTime implements InstantSource, EngineTimer, Executor {

    public static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private record Due(long millis, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final List<Runnable> ready = new ArrayList<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private final @Nullable Random random;
    private long now = START;
    private long order;
    private @Nullable Error timerFault;
    private @Nullable Error poolFault;

    public VirtualTime() {
        this(null);
    }

    /** Ready tasks run in a random order. */
    public VirtualTime(@Nullable Random random) {
        this.random = random;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    @Override
    public long millis() {
        return now;
    }

    /** Makes the timer throw this instead of taking its next task. */
    public void failTimerOnce(Error fault) {
        timerFault = fault;
    }

    /** Makes the pool throw this instead of taking its next task. */
    public void failPoolOnce(Error fault) {
        poolFault = fault;
    }

    @Override
    public void at(long millis, Runnable task) {
        Error fault = timerFault;
        timerFault = null;
        throwIfAny(fault);
        timers.add(new Due(millis, order++, task));
    }

    /** Runs {@code task} after this many milliseconds. */
    public void after(long millis, Runnable task) {
        at(now + millis, task);
    }

    @Override
    public void execute(Runnable task) {
        Error fault = poolFault;
        poolFault = null;
        throwIfAny(fault);
        ready.add(task);
    }

    private static void throwIfAny(@Nullable Error fault) {
        if (fault != null) {
            throw fault;
        }
    }

    /** Runs one ready task, or else moves on to the next due time that is not after {@code limit}. */
    public boolean step(long limit) {
        if (!ready.isEmpty()) {
            ready.remove(random == null ? 0 : random.nextInt(ready.size())).run();
            return true;
        }
        if (timers.isEmpty() || timers.peek().millis() > limit) {
            return false;
        }
        Due next = timers.remove();
        now = Math.max(now, next.millis());
        next.task().run();
        return true;
    }

    /** Lets time pass until it is so; returns whether it has become so within that. */
    public boolean stepUntil(BooleanSupplier condition, Duration most) {
        long limit = millis() + most.toMillis();
        while (!condition.getAsBoolean()) {
            if (!step(limit)) {
                return false;
            }
        }
        return true;
    }

    /** Runs what is ready and what is due now. */
    public void settle() {
        while (step(now)) {}
    }

    /** Lets this much time pass, with all that is due in it. */
    public void advance(Duration duration) {
        long until = now + duration.toMillis();
        while (step(until)) {}
        now = Math.max(now, until); // a task may have waited, and let more time pass
    }

    /** Forgets everything that was to happen: the process died. */
    public void crash() {
        ready.clear();
        timers.clear();
    }
}
