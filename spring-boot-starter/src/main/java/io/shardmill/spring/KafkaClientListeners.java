package io.shardmill.spring;

import io.shardmill.kafka.ClientObserver;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Tells the listeners of Spring's factories of the streams' clients, as if the factories had made them: Boot's bind the clients'
 * metrics. Those of all clients need the same tags, or Micrometer drops some.
 */
final class KafkaClientListeners implements ClientObserver {

    private final List<ConsumerFactory.Listener<byte[], byte[]>> consumers;
    private final List<ProducerFactory.Listener<byte[], byte[]>> producers;

    /** The listeners that there are now and later. */
    @SuppressWarnings("unchecked") // they look at clients, not at records
    KafkaClientListeners(@Nullable ConsumerFactory<?, ?> consumers, @Nullable ProducerFactory<?, ?> producers) {
        this.consumers = consumers == null
                ? List.of()
                : (List<ConsumerFactory.Listener<byte[], byte[]>>) (List<?>) consumers.getListeners();
        this.producers = producers == null
                ? List.of()
                : (List<ProducerFactory.Listener<byte[], byte[]>>) (List<?>) producers.getListeners();
    }

    @Override
    public void opened(String id, Consumer<byte[], byte[]> consumer) {
        consumers.forEach(listener -> listener.consumerAdded(id, consumer));
    }

    @Override
    public void closed(String id, Consumer<byte[], byte[]> consumer) {
        consumers.forEach(listener -> listener.consumerRemoved(id, consumer));
    }

    @Override
    public void opened(String id, Producer<byte[], byte[]> producer) {
        producers.forEach(listener -> listener.producerAdded(id, producer));
    }

    @Override
    public void closed(String id, Producer<byte[], byte[]> producer) {
        producers.forEach(listener -> listener.producerRemoved(id, producer));
    }
}
