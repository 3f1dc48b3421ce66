package io.shardmill.lambda.process;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the memory of all functions' processes, on one thread: ten times a second while one of them works, more often
 * while a working one is near its limit, once a second else, and never for more than a twentieth of that thread's time. Thread-safe.
 */
final class MemoryWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
    private static final long RESTING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WORKING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long NEAR_LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int REST_PER_WORK = 20;

    /** The processes of one execution environment. */
    interface Group {

        /** Returns the process that leads the session of the others. */
        long leader();

        /** Returns whether it starts or has an event. */
        boolean isWorking();

        /** Returns the largest size so far, in KiB. */
        long peakKilobytes();

        /** Takes note of a size, in KiB; returns whether it is more than three quarters of the limit. */
        boolean measured(long kilobytes);
    }

    private final ScheduledThreadPoolExecutor timer;
    private final Map<Long, Group> groups = new ConcurrentHashMap<>();
    private @Nullable Future<?> next; // guarded by this
    private volatile boolean resting = true;
    private volatile long earliestNanos = System.nanoTime();

    /** Measures on a thread that these make, so that nothing else delays it. */
    MemoryWatch(ThreadFactory threads) {
        this.timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    void add(Group group) {
        groups.put(group.leader(), group);
        resume();
    }

    void remove(Group group) {
        groups.remove(group.leader(), group);
    }

    /** Ends a rest, because a function works again. Costs nothing if there is none. */
    void resume() {
        if (resting) {
            schedule(earliestNanos - System.nanoTime());
        }
    }

    private synchronized void schedule(long delayNanos) {
        resting = false;
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = timer.schedule(this::measure, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            next = null;
        } catch (Throwable unscheduled) {
            resting = true; // so that the next event schedules it
            throw unscheduled;
        }
    }

    private void measure() {
        long begun = System.nanoTime();
        boolean isWorking = false;
        boolean isNear = false;
        try {
            for (Map.Entry<Long, List<Long>> processes :
                    ProcessGroups.of(groups.keySet()).entrySet()) {
                Group group = groups.get(processes.getKey());
                if (group != null) {
                    boolean works = group.isWorking();
                    isWorking |= works;
                    isNear |= group.measured(kilobytes(processes.getValue(), group.peakKilobytes())) && works;
                }
            }
        } catch (RuntimeException | Error failed) {
            LOG.warn("The memory of functions could not be measured", failed);
        } finally {
            next(begun, isWorking, isNear);
        }
    }

    private void next(long begunNanos, boolean isWorking, boolean isNear) {
        long now = System.nanoTime();
        long least = Math.max(isNear ? NEAR_LIMIT_NANOS : WORKING_NANOS, (now - begunNanos) * REST_PER_WORK);
        earliestNanos = now + least;
        if (isWorking) {
            schedule(least);
        } else if (!groups.isEmpty()) {
            schedule(Math.max(RESTING_NANOS, least));
            resting = true;
        } else {
            resting = true;
        }
    }

    /** Returns the resident size of one process; of several, the proportional size, which counts shared pages once. */
    private static long kilobytes(Collection<Long> processes, long peak) {
        long resident = 0;
        for (long process : processes) {
            resident += ProcessStatus.residentKilobytes(process);
        }
        if (resident <= peak || processes.size() == 1) {
            return resident; // the proportional size is never more, and takes longer to find
        }
        long proportional = 0;
        for (long process : processes) {
            proportional += ProcessStatus.proportionalKilobytes(process);
        }
        return Math.min(resident, proportional);
    }
}
