package io.shardmill.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Polls on one thread, and lets any thread cut a poll short. No wake-up is lost: one that comes between two polls, when the thread
 * may have looked already at what is wanted, keeps the next poll from waiting.
 */
final class WakeablePoll {

    private final Consumer<byte[], byte[]> consumer;

    /** Guarded by this, as is {@link #isWoken}. */
    private boolean isPolling;

    private boolean isWoken;

    WakeablePoll(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Ends the poll, or the wait of the next one. Called by any thread. */
    synchronized void wakeUp() {
        isWoken = true;
        if (isPolling) {
            consumer.wakeup();
        }
    }

    /** The thread looks from here on at what is wanted: earlier wake-ups are answered. */
    synchronized void look() {
        isWoken = false;
    }

    /**
     * Polls for a while at most, and not at all if woken since the last {@link #look}.
     *
     * @throws WakeupException if woken meanwhile
     */
    ConsumerRecords<byte[], byte[]> poll(Duration most) {
        Duration wait;
        synchronized (this) {
            isPolling = true;
            wait = isWoken ? Duration.ZERO : most;
        }
        try {
            return consumer.poll(wait);
        } finally {
            synchronized (this) {
                isPolling = false;
            }
        }
    }
}
