package io.shardmill.benchmarks;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** A batch listener of spring-kafka: the container alone, without the conversion that an annotated method would have. */
final class SpringListener implements Contestant {

    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;

    private SpringListener(ConsumeOrder order, BatchMessageListener<byte[], byte[]> listener) {
        ContainerProperties properties = new ContainerProperties(order.topic());
        properties.setMessageListener(listener);
        this.container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(order.consumer()), properties);
        container.setCommonErrorHandler(new DefaultErrorHandler(new FixedBackOff(0, ConsumeOrder.RETRIES)));
    }

    /** One consumer, which commits after each batch and waits for the answer. */
    static SpringListener asItComes(ConsumeOrder order, Consumed function) {
        return new SpringListener(order, records -> accept(function, records)).start();
    }

    /** As it comes, but that the listener says which record of a batch has failed. */
    static SpringListener telling(ConsumeOrder order, Consumed function) {
        return new SpringListener(order, records -> acceptUpToPoison(function, records)).start();
    }

    /** A consumer a partition, as far as the order allows, each of which commits without waiting for the answer. */
    static SpringListener tuned(ConsumeOrder order, Consumed function) {
        SpringListener listener = new SpringListener(order, records -> accept(function, records));
        listener.container.setConcurrency(Math.min(order.partitions(), order.parallelism()));
        listener.container.getContainerProperties().setSyncCommits(false);
        return listener.start();
    }

    private SpringListener start() {
        container.start();
        return this;
    }

    private static void accept(Consumed function, List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            function.accept(stamped(records));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void acceptUpToPoison(Consumed function, List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            int failure = function.acceptUpToPoison(stamped(records));
            if (failure < records.size()) {
                throw new BatchListenerFailedException("on purpose", new PoisonException(failure), failure);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static List<StampedRecord> stamped(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> StampedRecord.of(record.value())).toList();
    }

    @Override
    public void close() {
        container.stop();
    }
}
