package io.shardmill.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Tells when it was closed. */
final class ObservedProducer extends KafkaProducer<byte[], byte[]> {

    private final Consumer<ObservedProducer> closed;

    ObservedProducer(Map<String, Object> properties, Consumer<ObservedProducer> closed) {
        super(properties);
        this.closed = closed;
    }

    /** What {@link #close()} calls, too. */
    @Override
    public void close(Duration timeout) {
        try {
            super.close(timeout);
        } finally {
            closed.accept(this);
        }
    }
}
