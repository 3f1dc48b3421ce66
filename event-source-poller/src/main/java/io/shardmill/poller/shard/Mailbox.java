package io.shardmill.poller.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Messages for an owner, from any thread; taken out by one thread at a time. A message leaves the queue when it
 * has its place in a turn's list: without memory for that it is late, and not lost.
 */
final class Mailbox<M> {

    private final Queue<M> queue;

    Mailbox(Queue<M> queue) {
        this.queue = queue;
    }

    /** Returns when the message is in the queue: what is told once must not be lost for lack of memory. */
    void deliver(M message) {
        while (!isAdded(message)) {
            Thread.onSpinWait();
        }
    }

    private boolean isAdded(M message) {
        try {
            return queue.add(message);
        } catch (OutOfMemoryError full) {
            return false;
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** All that is there, in order; less if there is no memory for all. */
    List<M> drain() {
        List<M> messages = List.of();
        try {
            messages = new ArrayList<>();
            for (M message = queue.peek(); message != null; message = queue.peek()) {
                messages.add(message);
                queue.remove();
            }
        } catch (OutOfMemoryError full) {
            return messages;
        }
        return messages;
    }
}
