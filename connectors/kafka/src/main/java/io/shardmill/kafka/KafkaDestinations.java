package io.shardmill.kafka;

import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.poller.destination.OnFailureDestination;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Topics as on-failure destinations, as {@code kafka://<topic>} names them in Lambda (Lambda guide, "Using a Kafka topic as an
 * on-failure destination"; spec 7.5). Each is in the cluster of the topic that a mapping reads. Needs {@code Write} and {@code
 * Describe} on the topic. Producers are made when they are first needed. Thread-safe.
 */
public final class KafkaDestinations implements DestinationCatalog, AutoCloseable {

    static final String SCHEME = "kafka://";

    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Map<String, SourceTopic> sources = new HashMap<>();
    private final Map<String, SharedProducer> producers = new LinkedHashMap<>();
    private final Map<String, OnFailureDestination> destinations = new ConcurrentHashMap<>();

    /**
     * Serves mappings of the topics.
     *
     * @param configured by the stream's name
     * @param clients of the common cluster
     */
    public KafkaDestinations(Map<String, KafkaStream> configured, KafkaClients clients) {
        configured.forEach((name, stream) -> {
            KafkaClients own = clients.at(stream.bootstrapServers());
            SharedProducer producer = producers.computeIfAbsent(
                    own.bootstrapServers(), cluster -> new SharedProducer(own::newDestinationProducer));
            sources.put(name, new SourceTopic(stream.topic(), producer));
        });
    }

    /** @throws IllegalArgumentException if no topic can have the name */
    @Override
    public Optional<OnFailureDestination> find(String name) {
        return name.startsWith(SCHEME)
                ? Optional.of(destinations.computeIfAbsent(name, this::destination))
                : Optional.empty();
    }

    private OnFailureDestination destination(String name) {
        String topic = name.substring(SCHEME.length());
        if (!KafkaStream.isTopic(topic)) {
            throw new IllegalArgumentException(
                    "the topic '" + topic + "' " + KafkaStream.TOPIC_RULE + "; name one, as in kafka://orders-failed");
        }
        return new TopicDestination(topic, sources);
    }

    /** Closes the producers; what was sent is safe already. */
    @Override
    public void close() {
        producers.values().forEach(producer -> producer.close(CLOSE));
    }
}
