package io.shardmill.lambda.process;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Several invocations in one process at a time, as on Lambda's managed instances: ids route the answers. */
final class ConcurrentSession extends RuntimeSession {

    private static final int MAX_REMEMBERED = 1_000;

    private final int concurrency;
    private final Deque<RuntimeInvocation> waiting = new ArrayDeque<>();
    private final Map<String, RuntimeInvocation> running = new HashMap<>();
    private final Set<String> givenUp = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });
    private int parked;

    ConcurrentSession(int concurrency) {
        this.concurrency = concurrency;
    }

    @Override
    void beforeNext(Poll poll) throws RefusedException {
        if (parked == concurrency) {
            throw new RefusedException(HttpAnswer.INTERNAL_ERROR);
        }
    }

    @Override
    @Nullable
    RuntimeInvocation take(Poll poll) throws InterruptedException {
        parked++;
        try {
            while (waiting.isEmpty() && !isOver()) {
                wait();
            }
        } finally {
            parked--;
        }
        RuntimeInvocation taken = isOver() ? null : waiting.poll();
        if (taken != null) {
            taken.taken = true;
            running.put(taken.requestId(), taken);
        }
        return taken;
    }

    @Override
    synchronized RuntimeInvocation begin(String requestId, RuntimeState target) throws RefusedException {
        RuntimeInvocation invocation = running.remove(requestId);
        if (invocation == null) {
            throw new RefusedException(
                    givenUp.contains(requestId) ? HttpAnswer.INVOKE_TIMEOUT : HttpAnswer.INVALID_REQUEST_ID);
        }
        return invocation;
    }

    @Override
    synchronized void finish(RuntimeInvocation invocation, RuntimeReply reply) {
        invocation.reply = reply;
        notifyAll();
    }

    @Override
    synchronized void dispatch(RuntimeInvocation invocation) {
        waiting.add(invocation);
        notifyAll();
    }

    @Override
    synchronized void giveUp(RuntimeInvocation invocation) {
        waiting.remove(invocation);
        running.remove(invocation.requestId());
        givenUp.add(invocation.requestId());
    }

    @Override
    synchronized boolean isReady() {
        return isInitialized() && !hasEnded();
    }

    @Override
    RuntimeState state() {
        return RuntimeState.RUNNING;
    }
}
