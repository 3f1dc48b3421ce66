package io.shardmill.runtime;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Deadlines of calls into code that is not ours. At the deadline the calling thread is interrupted, and an
 * interrupt only ever reaches that code: whoever comes first, the return or the interrupt, decides under a
 * lock, and the flag is clear when {@link Deadline#returned()} is back.
 */
public final class Deadlines {

    /** The time that a call has to obey its interrupt before it counts as stuck. */
    private static final long OBEY_MILLIS = 1_000;

    private final ScheduledThreadPoolExecutor timer;

    /** On a timer that somebody else owns and closes. */
    public Deadlines(ScheduledThreadPoolExecutor timer) {
        this.timer = timer;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Starts a deadline for the calling thread, which must call {@link Deadline#returned()} in the end. */
    public Deadline start(Duration timeout, DeadlineListener listener) {
        return new Deadline(timer, timeout, listener);
    }

    /** One call's deadline. */
    public static final class Deadline {

        private final Thread thread = Thread.currentThread();
        private final ScheduledExecutorService timer;
        private final long dueNanos;
        private final DeadlineListener listener;
        private final Future<?> alarm;
        private boolean returned;
        private boolean passed;

        private Deadline(ScheduledExecutorService timer, Duration timeout, DeadlineListener listener) {
            this.timer = timer;
            this.dueNanos = System.nanoTime() + timeout.toNanos();
            this.listener = listener;
            this.alarm =
                    timer.schedule(this::pass, timeout.toNanos(), TimeUnit.NANOSECONDS); // last: it may pass at once
        }

        /** Zero when it has passed. */
        public Duration remaining() {
            return Duration.ofNanos(Math.max(0, dueNanos - System.nanoTime()));
        }

        private void pass() {
            synchronized (this) {
                if (returned) {
                    return;
                }
                passed = true;
                thread.interrupt();
            }
            Future<?> unused = timer.schedule(this::reportIfStuck, OBEY_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void reportIfStuck() {
            synchronized (this) {
                if (returned) {
                    return;
                }
            }
            listener.passed(thread);
        }

        /** The call is back, on its own thread; true if that was in time. Leaves the interrupt flag clear. */
        public boolean returned() {
            alarm.cancel(false);
            synchronized (this) {
                returned = true;
                Thread.interrupted();
                return !passed;
            }
        }
    }
}
