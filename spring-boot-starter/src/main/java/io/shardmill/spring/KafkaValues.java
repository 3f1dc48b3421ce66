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
final class KafkaValues implements ValueDecoder {

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

    @Override
    public boolean decodes(Record record) {
        return record.kafka() != null
                && properties.containsKey(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG)
                && !BYTES.contains(deserializer);
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
}
