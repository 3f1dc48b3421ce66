package io.shardmill.lambda.process;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state machine between one process and the platform, one invocation at a time. The process calls it through the Runtime
 * API, on its connections' threads; the platform calls it on the thread that invokes. Guarded by this object's monitor.
 */
final class RuntimeSession {

    /** A call of {@code /next} as the session sees it. */
    interface Poll {
        /** Returns whether its client has hung up. */
        boolean isAbandoned();
    }

    /** How a wait ended. */
    enum Waited {
        DONE,
        /** The process has ended, or has reported that it cannot start. */
        ENDED,
        LATE
    }

    private RuntimeState state = RuntimeState.STARTED;
    private @Nullable RuntimeInvocation current;
    private @Nullable Poll waiting;
    private boolean initialized;
    private @Nullable InitError initError;
    private boolean over;
    private boolean ended;

    // ---- the process's side

    /**
     * {@code GET /next}: blocks until there is an event.
     *
     * @return null when the process is being ended, or its client has hung up and asks on another connection
     * @throws RefusedCallException if the state does not allow it, or an earlier call waits for the next event
     */
    synchronized @Nullable RuntimeInvocation next(Poll poll) throws RefusedCallException, InterruptedException {
        if (state == RuntimeState.INIT_ERROR) {
            throw new RefusedCallException(HttpAnswer.invalidTransition(state, RuntimeState.READY));
        }
        if (state == RuntimeState.RUNNING && !over) {
            return current; // it gets the same event again
        }
        if (!over) {
            beginPoll(poll);
        }
        while (!ended && (over || (current == null && waiting == poll))) {
            wait();
        }
        RuntimeInvocation next = current;
        if (next == null || over || waiting != poll) {
            return null;
        }
        waiting = null;
        state = RuntimeState.RUNNING;
        next.taken = true;
        return next;
    }

    private void beginPoll(Poll poll) throws RefusedCallException {
        boolean isFirst = waiting == null || waiting.isAbandoned();
        boolean isAllowed =
                state == RuntimeState.STARTED || state == RuntimeState.READY || state == RuntimeState.RESPONSE_SENT;
        if (!isFirst || !isAllowed) {
            throw new RefusedCallException(HttpAnswer.invalidTransition(state, RuntimeState.READY));
        }
        if (state == RuntimeState.RESPONSE_SENT) {
            current = null;
        }
        state = RuntimeState.READY;
        initialized = true;
        waiting = poll;
        notifyAll();
    }

    /** Begins an answer, which must be {@link #finish finished}. */
    synchronized RuntimeInvocation begin(String requestId, RuntimeState target) throws RefusedCallException {
        RuntimeInvocation invocation = current;
        if (invocation == null || !invocation.requestId().equals(requestId)) {
            throw new RefusedCallException(HttpAnswer.INVALID_REQUEST_ID);
        }
        if (state != RuntimeState.RUNNING) {
            throw new RefusedCallException(HttpAnswer.invalidTransition(state, target));
        }
        state = target;
        return invocation;
    }

    /** Completes an answer and wakes its invoker. */
    synchronized void finish(RuntimeInvocation invocation, RuntimeReply reply) {
        invocation.reply = reply;
        state = RuntimeState.RESPONSE_SENT;
        notifyAll();
    }

    /** Begins {@code POST /init/error}. */
    synchronized void beginInitError() throws RefusedCallException {
        if (state != RuntimeState.STARTED) {
            throw new RefusedCallException(HttpAnswer.invalidTransition(state, RuntimeState.INIT_ERROR));
        }
        state = RuntimeState.INIT_ERROR;
    }

    synchronized void finishInitError(InitError error) {
        initError = error;
        notifyAll();
    }

    // ---- the platform's side

    /** Hands an event to the process, as soon as it asks. */
    synchronized void dispatch(RuntimeInvocation invocation) {
        current = invocation;
        notifyAll();
    }

    /** Returns whether it would take an event at once. */
    synchronized boolean isReady() {
        return state == RuntimeState.READY && current == null && !over;
    }

    synchronized Waited awaitInitialized(long deadlineNanos) throws InterruptedException {
        while (!initialized && !ended && initError == null) {
            if (!waitUntil(deadlineNanos)) {
                return Waited.LATE;
            }
        }
        return initialized && !ended ? Waited.DONE : Waited.ENDED;
    }

    /** An answer counts even if the process has ended since. */
    synchronized Waited awaitReply(RuntimeInvocation invocation, long deadlineNanos) throws InterruptedException {
        while (invocation.reply == null && !ended) {
            if (!waitUntil(deadlineNanos)) {
                return Waited.LATE;
            }
        }
        return invocation.reply == null ? Waited.ENDED : Waited.DONE;
    }

    synchronized Waited awaitReady(long deadlineNanos) throws InterruptedException {
        while (!isReady() && !ended) {
            if (!waitUntil(deadlineNanos)) {
                return Waited.LATE;
            }
        }
        return ended ? Waited.ENDED : Waited.DONE;
    }

    synchronized boolean awaitEnded(long deadlineNanos) throws InterruptedException {
        while (!ended) {
            if (!waitUntil(deadlineNanos)) {
                return false;
            }
        }
        return true;
    }

    synchronized boolean isInitialized() {
        return initialized;
    }

    /** Returns what the process said of its failed start; null if it said nothing. */
    synchronized @Nullable InitError initError() {
        return initError;
    }

    /**
     * Hands out no event any more: the process has exited, or is about to be killed. Its polls wait for the end, because a client
     * that lives a little longer would complain about a closed connection.
     */
    synchronized void endPolls() {
        over = true;
        notifyAll();
    }

    /** Returns whether the process has exited, or is about to be killed. */
    synchronized boolean isOver() {
        return over;
    }

    /** Wakes everybody who waits: nothing is left of the process. */
    synchronized void end() {
        over = true;
        ended = true;
        notifyAll();
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Waits for a change; returns false when the time has come. */
    private boolean waitUntil(long deadlineNanos) throws InterruptedException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
        return true;
    }
}
