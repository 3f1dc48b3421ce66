package io.shardmill.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the clients of a cluster, by the client's own properties.
 *
 * @param consumer properties of consumers
 * @param producer properties of producers
 * @param admin properties of admin clients
 */
public record KafkaClients(Map<String, Object> consumer, Map<String, Object> producer, Map<String, Object> admin) {

    /** Above the time to live of a lease: the rows of a dead process are free when the group assigns its partitions. */
    private static final String SESSION_TIMEOUT_MS = "10000";

    /**
     * How long a broker may wait for records. A fetch of partitions at their tip holds up what is asked next of that broker: other
     * partitions that were paused, and the ends of partitions.
     */
    private static final String FETCH_MAX_WAIT_MS = "100";

    /** As much as the producer buffers: how large a record may be is for the broker to say. */
    private static final String DESTINATION_MAX_REQUEST_BYTES = "33554432";

    public KafkaClients {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
    }

    /** Clients of a cluster with the client's defaults. */
    public static KafkaClients of(String bootstrapServers) {
        Map<String, Object> properties = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new KafkaClients(properties, properties, properties);
    }

    /** Returns the clients of another cluster with the same settings; these for null. */
    KafkaClients at(@Nullable String bootstrapServers) {
        return bootstrapServers == null
                ? this
                : new KafkaClients(
                        with(consumer, bootstrapServers),
                        with(producer, bootstrapServers),
                        with(admin, bootstrapServers));
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
        return new KafkaConsumer<>(consumerProperties(group));
    }

    /** Idempotent, and acknowledged by all in-sync replicas. */
    Producer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(producerProperties());
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
        return new KafkaProducer<>(destinationProperties());
    }

    /** A document is longer than its record, and shrinks well: what is large here need not be so for the broker. */
    Map<String, Object> destinationProperties() {
        Map<String, Object> properties = producerProperties();
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.computeIfPresent(ProducerConfig.CLIENT_ID_CONFIG, (name, id) -> id + "-on-failure");
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DESTINATION_MAX_REQUEST_BYTES);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "2000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "3000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        return properties;
    }

    /** Fails within seconds rather than minutes where nobody answers. */
    Admin newAdmin() {
        Map<String, Object> properties = new HashMap<>(admin);
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        return Admin.create(properties);
    }
}
