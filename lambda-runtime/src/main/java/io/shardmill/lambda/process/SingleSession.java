package io.shardmill.lambda.process;

import org.jspecify.annotations.Nullable;

/** One invocation at a time: the state machine of Lambda's standard mode. */
final class SingleSession extends RuntimeSession {

    private RuntimeState state = RuntimeState.STARTED;
    private @Nullable RuntimeInvocation current;
    private @Nullable Poll waiting;

    @Override
    void beforeNext(Poll poll) throws RefusedException {
        if (state == RuntimeState.RUNNING) {
            return; // it gets the same event again
        }
        boolean isFirst = waiting == null || waiting.isAbandoned();
        if (!isFirst
                || (state != RuntimeState.STARTED
                        && state != RuntimeState.READY
                        && state != RuntimeState.RESPONSE_SENT)) {
            throw new RefusedException(HttpAnswer.invalidTransition(state, RuntimeState.READY));
        }
        if (state == RuntimeState.RESPONSE_SENT) {
            current = null;
        }
        state = RuntimeState.READY;
        waiting = poll;
        notifyAll();
    }

    @Override
    @Nullable
    RuntimeInvocation take(Poll poll) throws InterruptedException {
        if (state == RuntimeState.RUNNING) {
            return current;
        }
        while (current == null && !isOver() && waiting == poll) {
            wait();
        }
        RuntimeInvocation next = current;
        if (next == null || isOver() || waiting != poll) {
            return null;
        }
        waiting = null;
        state = RuntimeState.RUNNING;
        next.taken = true;
        return next;
    }

    @Override
    synchronized RuntimeInvocation begin(String requestId, RuntimeState target) throws RefusedException {
        RuntimeInvocation invocation = current;
        if (invocation == null || !invocation.requestId().equals(requestId)) {
            throw new RefusedException(HttpAnswer.INVALID_REQUEST_ID);
        }
        if (state != RuntimeState.RUNNING) {
            throw new RefusedException(HttpAnswer.invalidTransition(state, target));
        }
        state = target;
        return invocation;
    }

    @Override
    synchronized void finish(RuntimeInvocation invocation, RuntimeReply reply) {
        invocation.reply = reply;
        state = RuntimeState.RESPONSE_SENT;
        notifyAll();
    }

    @Override
    synchronized void dispatch(RuntimeInvocation invocation) {
        current = invocation;
        notifyAll();
    }

    /** Its process is ended next, as it can do nothing else meanwhile. */
    @Override
    void giveUp(RuntimeInvocation invocation) {}

    @Override
    synchronized boolean isReady() {
        return state == RuntimeState.READY && current == null;
    }

    @Override
    RuntimeState state() {
        return state;
    }
}
