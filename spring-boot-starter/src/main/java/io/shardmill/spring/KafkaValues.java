package io.shardmill.spring;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.Record;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/** Reads the values of Kafka's records with {@code spring.kafka.consumer.value-deserializer}. */
final class KafkaValues implements ValueDecoder, AutoCloseable {

    /** Values of these are the bytes themselves: they are read as those of any stream. */
    private static final Set<String> BYTES = Set.of(
            "org.apache.kafka.common.serialization.ByteArrayDeserializer",
            "org.apache.kafka.common.serialization.ByteBufferDeserializer",
            "org.apache.kafka.common.serialization.BytesDeserializer",
            "org.apache.kafka.common.serialization.StringDeserializer");

    private final Map<String, Object> properties;
    private final String deserializer;

    /** One for each thread that reads at once: a deserializer need not be thread-safe. */
    private final Queue<Deserializer<?>> idle = new ConcurrentLinkedQueue<>();

    /** @param properties of the consumer, which configure its deserializer, too */
    KafkaValues(Map<String, Object> properties) {
        this.properties = properties;
        Object set = properties.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        this.deserializer = set instanceof Class<?> type ? type.getName() : String.valueOf(set);
    }

    /** @throws ShardmillConfigurationException if there can't be such a deserializer */
    void verify() {
        if (isNeeded()) {
            try {
                idle.add(configured());
            } catch (RuntimeException | LinkageError unable) {
                throw new ShardmillConfigurationException(
                        "spring.kafka.consumer.value-deserializer",
                        deserializer + " can't be used: " + unable.getMessage()
                                + "; name a class that implements Deserializer, and set what it needs under"
                                + " spring.kafka.consumer.properties");
            }
        }
    }

    private boolean isNeeded() {
        return properties.containsKey(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG) && !BYTES.contains(deserializer);
    }

    @Override
    public boolean decodes(Record record) {
        return record.kafka() != null && isNeeded();
    }

    private Deserializer<?> configured() {
        Deserializer<?> made = (Deserializer<?>) BeanUtils.instantiateClass(
                ClassUtils.resolveClassName(deserializer, ClassUtils.getDefaultClassLoader()));
        made.configure(properties, false);
        return made;
    }

    @Override
    public @Nullable Object decode(Record record) {
        KafkaMetadata kafka = Objects.requireNonNull(record.kafka());
        RecordHeaders headers = new RecordHeaders();
        for (Header header : kafka.headers()) {
            headers.add(header.name(), header.value());
        }
        Deserializer<?> taken = idle.poll();
        Deserializer<?> own = taken == null ? configured() : taken;
        try {
            return own.deserialize(kafka.topic(), headers, record.bytes());
        } finally {
            idle.add(own);
        }
    }

    /** Closes those that nobody uses. */
    @Override
    public void close() {
        for (Deserializer<?> each = idle.poll(); each != null; each = idle.poll()) {
            each.close();
        }
    }
}
