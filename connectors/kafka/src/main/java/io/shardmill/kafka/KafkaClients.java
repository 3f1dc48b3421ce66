package io.shardmill.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the clients of a cluster, by the client's own properties.
 *
 * @param consumer properties of consumers
 * @param producer properties of producers
 * @param admin properties of admin clients
 * @param observers told of all clients
 */
public record KafkaClients(
        Map<String, Object> consumer,
        Map<String, Object> producer,
        Map<String, Object> admin,
        List<ClientObserver> observers) {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaClients.class);

    /** Above the time to live of a lease: the rows of a dead process are free when the group assigns its partitions. */
    private static final String SESSION_TIMEOUT_MS = "10000";

    /**
     * How long a broker may wait for records. A fetch of partitions at their tip holds up what is asked next of that broker: other
     * partitions that were paused, and the ends of partitions.
     */
    private static final String FETCH_MAX_WAIT_MS = "100";

    /** The client measures a record before it shrinks it: how large one may be is for the broker to say. */
    private static final long DESTINATION_MIN_BYTES = 32 << 20;

    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** How many clients this process has made: their ids differ, as Kafka's metrics and management beans want it. */
    private static final AtomicInteger MADE = new AtomicInteger();

    public KafkaClients {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
        observers = List.copyOf(observers);
    }

    /** Clients that nobody observes. */
    public KafkaClients(Map<String, Object> consumer, Map<String, Object> producer, Map<String, Object> admin) {
        this(consumer, producer, admin, List.of());
    }

    /** Clients of a cluster with the client's defaults. */
    public static KafkaClients of(String bootstrapServers) {
        Map<String, Object> properties = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new KafkaClients(properties, properties, properties);
    }

    /** Leaves the properties out: they have passwords. */
    @Override
    public String toString() {
        return "KafkaClients[" + bootstrapServers() + "]";
    }

    /** Returns the clients of another cluster with the same settings; these for null. */
    KafkaClients at(@Nullable String bootstrapServers) {
        return bootstrapServers == null
                ? this
                : new KafkaClients(
                        with(consumer, bootstrapServers),
                        with(producer, bootstrapServers),
                        with(admin, bootstrapServers),
                        observers);
    }

    private static Map<String, Object> with(Map<String, Object> properties, String bootstrapServers) {
        Map<String, Object> changed = new HashMap<>(properties);
        changed.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return changed;
    }

    /** Returns whether consumers know where the cluster is. */
    public boolean hasBootstrapServers() {
        return consumer.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** Returns the servers as {@code host:port,host:port}. */
    String bootstrapServers() {
        Object servers = consumer.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        return servers instanceof Collection<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(servers);
    }

    /** What the engine relies on can't be set otherwise; all else is the client's, with defaults that suit the engine. */
    Map<String, Object> consumerProperties(String group) {
        Map<String, Object> properties = new HashMap<>(consumer);
        if (!"consumer".equalsIgnoreCase(String.valueOf(properties.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            properties.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        }
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MS);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return properties;
    }

    /** Returns what consumers see of transactions. */
    IsolationLevel isolation() {
        Object level = consumer.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG);
        return "read_committed".equalsIgnoreCase(String.valueOf(level).trim())
                ? IsolationLevel.READ_COMMITTED
                : IsolationLevel.READ_UNCOMMITTED;
    }

    Consumer<byte[], byte[]> newConsumer(String group) {
        Map<String, Object> properties = consumerProperties(group);
        String id = identify(properties, group);
        Consumer<byte[], byte[]> made =
                new ObservedConsumer(properties, closed -> notifyObservers(observer -> observer.closed(id, closed)));
        notifyObservers(observer -> observer.opened(id, made));
        return made;
    }

    /** Idempotent, and acknowledged by all in-sync replicas. */
    Producer<byte[], byte[]> newProducer() {
        return producer(producerProperties(), "producer");
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> properties = new HashMap<>(producer);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return properties;
    }

    /** One whose sends are over before the engine interrupts them, whatever others of the cluster have set. */
    Producer<byte[], byte[]> newDestinationProducer() {
        return producer(destinationProperties(), "on-failure");
    }

    /** A document is longer than its record, and shrinks well: what is large here need not be so for the broker. */
    Map<String, Object> destinationProperties() {
        Map<String, Object> properties = producerProperties();
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
        raise(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        raise(properties, ProducerConfig.BUFFER_MEMORY_CONFIG);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "2000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "3000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        return properties;
    }

    private static void raise(Map<String, Object> properties, String name) {
        Object set = ConfigDef.parseType(name, properties.get(name), ConfigDef.Type.LONG);
        long bytes = set instanceof Long given ? Math.max(given, DESTINATION_MIN_BYTES) : DESTINATION_MIN_BYTES;
        properties.put(name, Long.toString(bytes));
    }

    private Producer<byte[], byte[]> producer(Map<String, Object> properties, String use) {
        String id = identify(properties, use);
        Producer<byte[], byte[]> made =
                new ObservedProducer(properties, closed -> notifyObservers(observer -> observer.closed(id, closed)));
        notifyObservers(observer -> observer.opened(id, made));
        return made;
    }

    /** Fails within seconds rather than minutes where nobody answers. Closed by {@link #close}. */
    AdminClient newAdmin() {
        Map<String, Object> properties = new HashMap<>(admin);
        String id = identify(properties, "admin");
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        AdminClient made = AdminClient.create(properties);
        notifyObservers(observer -> observer.opened(id, made));
        return made;
    }

    /** Closes an admin client, which can't tell of it itself. */
    void close(AdminClient made) {
        String id = made.metrics().keySet().stream()
                .map(metric -> metric.tags().get("client-id"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        made.close(CLOSE);
        notifyObservers(observer -> observer.closed(id, made));
    }

    /** Gives a client an id that no other has; what is set for all of them begins it. */
    private static String identify(Map<String, Object> properties, String use) {
        Object common = properties.get(CommonClientConfigs.CLIENT_ID_CONFIG);
        String id = (common == null ? "" : common + "-") + "shardmill-" + use + "-" + MADE.incrementAndGet();
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, id);
        return id;
    }

    private void notifyObservers(java.util.function.Consumer<ClientObserver> notification) {
        for (ClientObserver observer : observers) {
            try {
                notification.accept(observer);
            } catch (RuntimeException failure) {
                LOG.warn("{} could not be told of a client", observer, failure);
            }
        }
    }
}
