package io.shardmill.lambda.process;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one process and the platform have to say to each other: the process through the Runtime API, on its connections'
 * threads; the platform on the threads that invoke. Everything is guarded by this object's monitor.
 */
abstract class RuntimeSession {

    /** A call of {@code /next} as the session sees it. */
    interface Poll {
        /** Returns whether its client has hung up. */
        boolean isAbandoned();
    }

    /** What a wait ended with. */
    enum Waited {
        DONE,
        /** The process has ended, or has reported that it cannot start. */
        ENDED,
        LATE
    }

    private boolean initialized;
    private boolean exited;
    private boolean ended;
    private boolean initFailing;
    private byte @Nullable [] initError;

    // ---- the process's side

    /**
     * {@code GET /next}: blocks until there is an event.
     *
     * @return null when the process is being ended, or its client has hung up and asks on another connection
     * @throws RefusedException if the state does not allow it, or an earlier call waits for the next event
     */
    final synchronized @Nullable RuntimeInvocation next(Poll poll) throws RefusedException, InterruptedException {
        if (initFailing) {
            throw new RefusedException(HttpAnswer.invalidTransition(RuntimeState.INIT_ERROR, RuntimeState.READY));
        }
        if (!isOver()) {
            beforeNext(poll);
            initialized = true;
            notifyAll();
        }
        return isOver() ? null : take(poll);
    }

    /** An answer is about to come; it must be {@link #finish finished}. */
    abstract RuntimeInvocation begin(String requestId, RuntimeState target) throws RefusedException;

    /** The answer is complete: its invoker goes on. */
    abstract void finish(RuntimeInvocation invocation, RuntimeReply reply);

    /** {@code POST /init/error} is about to come. */
    final synchronized void beginInitError() throws RefusedException {
        if (initialized || initFailing) {
            throw new RefusedException(HttpAnswer.invalidTransition(
                    initFailing ? RuntimeState.INIT_ERROR : state(), RuntimeState.INIT_ERROR));
        }
        initFailing = true;
    }

    final synchronized void finishInitError(byte[] body) {
        initError = body;
        notifyAll();
    }

    // ---- the platform's side

    /** Hands an event to the process, as soon as it asks. */
    abstract void dispatch(RuntimeInvocation invocation);

    /** Nobody waits for the invocation any more; what the process still says of it is refused. */
    abstract void giveUp(RuntimeInvocation invocation);

    /** Whether it would take an event at once. */
    abstract boolean isReady();

    final synchronized Waited awaitInitialized(long deadlineNanos) throws InterruptedException {
        while (!initialized && !ended && initError == null) {
            if (!waitUntil(deadlineNanos)) {
                return Waited.LATE;
            }
        }
        return initialized && !ended ? Waited.DONE : Waited.ENDED;
    }

    /** An answer counts even if the process has ended since. */
    final synchronized Waited awaitReply(RuntimeInvocation invocation, long deadlineNanos) throws InterruptedException {
        while (invocation.reply == null && !ended) {
            if (!waitUntil(deadlineNanos)) {
                return Waited.LATE;
            }
        }
        return invocation.reply == null ? Waited.ENDED : Waited.DONE;
    }

    final synchronized Waited awaitReady(long deadlineNanos) throws InterruptedException {
        while (!isReady() && !ended) {
            if (!waitUntil(deadlineNanos)) {
                return Waited.LATE;
            }
        }
        return ended ? Waited.ENDED : Waited.DONE;
    }

    final synchronized boolean awaitEnded(long deadlineNanos) throws InterruptedException {
        while (!ended) {
            if (!waitUntil(deadlineNanos)) {
                return false;
            }
        }
        return true;
    }

    final synchronized boolean isInitialized() {
        return initialized;
    }

    /** What the process said of its failed start, if it did. */
    final synchronized byte @Nullable [] initError() {
        return initError;
    }

    /** Ends its polls without an event: the process has exited, or is about to be killed. */
    final synchronized void exit() {
        exited = true;
        notifyAll();
    }

    /** Nothing is left of the process: everybody who waits goes on. */
    final synchronized void end() {
        ended = true;
        notifyAll();
    }

    final synchronized boolean hasEnded() {
        return ended;
    }

    // ---- for the two kinds, with the monitor held

    final synchronized boolean isOver() {
        return exited || ended;
    }

    /** Takes note that the process asks for an event. */
    abstract void beforeNext(Poll poll) throws RefusedException;

    /** Waits for an event; null if there will be none for this caller. */
    abstract @Nullable RuntimeInvocation take(Poll poll) throws InterruptedException;

    abstract RuntimeState state();

    /** False when the time has come. */
    private boolean waitUntil(long deadlineNanos) throws InterruptedException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
        return true;
    }
}
