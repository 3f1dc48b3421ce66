package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.stream.SourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    @Test
    void consumers_have_defaults_that_suit_the_engine() {
        assertThat(consumer(Map.of()))
                .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName())
                .containsEntry("session.timeout.ms", "10000")
                .containsEntry("max.poll.records", "2000")
                .containsEntry("fetch.max.wait.ms", "100");
    }

    @Test
    void settings_of_consumers_win() {
        Map<String, Object> settings =
                Map.of("session.timeout.ms", "20000", "max.poll.records", "7", "fetch.max.wait.ms", 500);

        assertThat(consumer(settings)).containsAllEntriesOf(settings);
    }

    @Test
    void the_session_of_the_newer_protocol_is_the_brokers() {
        assertThat(consumer(Map.of("group.protocol", "CONSUMER")))
                .doesNotContainKeys("session.timeout.ms", "partition.assignment.strategy");
    }

    @Test
    void what_the_engine_relies_on_cannot_be_set() {
        Map<String, Object> settings = Map.of(
                "enable.auto.commit", "true",
                "auto.offset.reset", "latest",
                "group.id", "another",
                "value.deserializer", "another");

        assertThat(consumer(settings))
                .containsEntry("enable.auto.commit", "false")
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("group.id", "orders")
                .containsEntry("value.deserializer", ByteArrayDeserializer.class.getName());
    }

    @Test
    void a_producer_for_destinations_ends_in_time_and_is_safe_whatever_is_set() {
        assertThat(destination(Map.of(
                        "max.block.ms", "60000",
                        "delivery.timeout.ms", "120000",
                        "linger.ms", "1000",
                        "request.timeout.ms", "30000",
                        "acks", "1",
                        "enable.idempotence", "false",
                        "transactional.id", "another")))
                .containsEntry("max.block.ms", "2000")
                .containsEntry("delivery.timeout.ms", "5000")
                .containsEntry("linger.ms", "0")
                .containsEntry("request.timeout.ms", "3000")
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .doesNotContainKey("transactional.id");
    }

    @Test
    void a_producer_for_destinations_has_the_settings_of_the_cluster_and_lets_the_broker_say_what_is_too_large() {
        assertThat(destination(Map.of("security.protocol", "SASL_SSL")))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("compression.type", "gzip")
                .containsEntry("max.request.size", "33554432")
                .containsEntry("buffer.memory", "33554432");
        assertThat(destination(
                        Map.of("compression.type", "zstd", "max.request.size", "2000000", "buffer.memory", 4_000_000)))
                .containsEntry("compression.type", "zstd")
                .containsEntry("max.request.size", "33554432")
                .containsEntry("buffer.memory", "33554432");
        assertThat(destination(Map.of("max.request.size", 40_000_000, "buffer.memory", "5000000000")))
                .containsEntry("max.request.size", "40000000")
                .containsEntry("buffer.memory", "5000000000");
    }

    private static Map<String, Object> destination(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", "localhost:9092");
        return new KafkaClients(Map.of(), properties, Map.of()).destinationProperties();
    }

    /** Notes what it is told, and fails. */
    private static final class Notes implements ClientObserver {

        private final List<String> news = new ArrayList<>();

        private void note(String what, String id) {
            news.add(what + " " + id.replaceAll("[0-9]+$", "<n>"));
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void opened(String id, Consumer<byte[], byte[]> consumer) {
            note("opened", id);
        }

        @Override
        public void closed(String id, Consumer<byte[], byte[]> consumer) {
            note("closed", id);
        }

        @Override
        public void opened(String id, Producer<byte[], byte[]> producer) {
            note("opened", id);
        }

        @Override
        public void closed(String id, Producer<byte[], byte[]> producer) {
            note("closed", id);
        }

        @Override
        public void opened(String id, AdminClient admin) {
            note("opened", id);
        }

        @Override
        public void closed(String id, AdminClient admin) {
            note("closed", id);
        }
    }

    @Test
    void observers_are_told_of_clients_that_are_made_and_closed() {
        Notes first = new Notes();
        Notes second = new Notes();
        Map<String, Object> cluster = Map.of("bootstrap.servers", "localhost:1");
        KafkaClients clients = new KafkaClients(cluster, cluster, cluster, List.of(first, second));
        clients.newConsumer("shop.orders").close(CloseOptions.timeout(Duration.ZERO));
        try (Consumer<byte[], byte[]> closedOtherwise = clients.newConsumer("shop.orders")) {
            assertThat(closedOtherwise.assignment()).isEmpty();
        }
        clients.newProducer().close(Duration.ZERO);
        clients.newDestinationProducer().close(Duration.ZERO);
        clients.close(clients.newAdmin());

        assertThat(first.news)
                .isEqualTo(second.news)
                .containsExactly(
                        "opened shardmill-shop.orders-<n>",
                        "closed shardmill-shop.orders-<n>",
                        "opened shardmill-shop.orders-<n>",
                        "closed shardmill-shop.orders-<n>",
                        "opened shardmill-producer-<n>",
                        "closed shardmill-producer-<n>",
                        "opened shardmill-on-failure-<n>",
                        "closed shardmill-on-failure-<n>",
                        "opened shardmill-admin-<n>",
                        "closed shardmill-admin-<n>");
    }

    @Test
    void clients_of_one_client_id_have_ids_of_their_own() {
        KafkaClients clients =
                new KafkaClients(Map.of("bootstrap.servers", "localhost:1", "client.id", "shop"), Map.of(), Map.of());
        try (Consumer<byte[], byte[]> one = clients.newConsumer("orders");
                Consumer<byte[], byte[]> another = clients.newConsumer("orders")) {
            assertThat(id(one)).startsWith("shop-shardmill-orders-").isNotEqualTo(id(another));
        }
    }

    private static String id(Consumer<byte[], byte[]> consumer) {
        return consumer.metrics().keySet().iterator().next().tags().get("client-id");
    }

    @Test
    void clients_and_topics_do_not_tell_passwords() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", "localhost:1",
                "sasl.jaas.config", "password=\"secret\"",
                "ssl.keystore.password", "secret");
        KafkaClients clients = new KafkaClients(settings, settings, settings);
        KafkaTopic topic = new KafkaTopic(
                "orders-prod",
                "arn:aws:kafka:us-east-1:000000000000:topic/orders",
                new SourceType.Kafka("localhost:1", null),
                clients,
                clients::newAdmin,
                mapping -> mapping);

        assertThat(clients).hasToString("KafkaClients[localhost:1]");
        assertThat(topic.toString()).contains("orders-prod", "localhost:1").doesNotContain("secret");
    }

    private static Map<String, Object> consumer(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", "localhost:9092");
        return new KafkaClients(properties, Map.of(), Map.of()).consumerProperties("orders");
    }
}
