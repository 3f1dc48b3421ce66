package io.shardmill.lambda.process;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened for a start in reverse order, unless the start succeeds. */
final class ResourceStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceStack.class);

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
        closings.forEach(ResourceStack::closeQuietly);
    }

    private static void closeQuietly(Runnable closing) {
        try {
            closing.run();
        } catch (RuntimeException | Error failed) { // the others are closed none the less
            LOG.warn("What was opened for a start that failed could not be closed", failed);
        }
    }
}
