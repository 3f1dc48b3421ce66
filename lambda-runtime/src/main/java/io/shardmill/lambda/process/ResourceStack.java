package io.shardmill.lambda.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened for a start in reverse order, unless the start succeeds. */
final class ResourceStack implements AutoCloseable {

    private final Deque<Runnable> closings = new ArrayDeque<>();

    void push(Runnable closing) {
        closings.push(closing);
    }

    /** Leaves everything open. */
    void release() {
        closings.clear();
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }
}
