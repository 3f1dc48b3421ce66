package io.shardmill.kafka;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Tells when it was closed. */
final class ObservedConsumer extends KafkaConsumer<byte[], byte[]> {

    private final Consumer<ObservedConsumer> closed;

    ObservedConsumer(Map<String, Object> properties, Consumer<ObservedConsumer> closed) {
        super(properties);
        this.closed = closed;
    }

    @Override
    public void close() {
        close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.DEFAULT));
    }

    @Override
    public void close(CloseOptions options) {
        try {
            super.close(options);
        } finally {
            closed.accept(this);
        }
    }
}
