package io.shardmill.kafka;

import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Told of the clients that are open, such as to show their metrics. Called when a client was made, before it is used, and when it was
 * closed; never while records are polled. What it throws is logged, and changes nothing. Thread-safe.
 */
public interface ClientObserver {

    /**
     * A consumer was made.
     *
     * @param id the {@code client.id}, which no other client of these streams has; the group is part of it
     */
    default void opened(String id, Consumer<byte[], byte[]> consumer) {}

    default void closed(String id, Consumer<byte[], byte[]> consumer) {}

    default void opened(String id, Producer<byte[], byte[]> producer) {}

    default void closed(String id, Producer<byte[], byte[]> producer) {}

    default void opened(String id, AdminClient admin) {}

    default void closed(String id, AdminClient admin) {}
}
