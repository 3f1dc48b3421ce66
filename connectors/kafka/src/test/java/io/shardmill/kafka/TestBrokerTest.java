package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestBrokerTest {

    private static final String TOPIC = "test-broker";

    private final TestBroker broker = TestBroker.shared();

    @BeforeEach
    void create() {
        broker.createTopic(TOPIC, 2);
    }

    @AfterEach
    void delete() {
        broker.deleteTopic(TOPIC);
    }

    @Test
    void a_member_of_a_group_reads_what_was_written() {
        write("k", "v");

        assertThat(read(1)).containsExactly("v");
    }

    @Test
    void what_was_written_outlives_an_outage() {
        String address = broker.bootstrapServers();
        write("k", "before");

        broker.stop();
        broker.start();
        write("k", "after");

        assertThat(broker.bootstrapServers()).isEqualTo(address);
        assertThat(read(2)).containsExactly("before", "after");
    }

    @Test
    void it_listens_on_loopback_alone() throws Exception {
        String host = URI.create("kafka://" + broker.bootstrapServers()).getHost();

        assertThat(InetAddress.getByName(host).isLoopbackAddress()).isTrue();
    }

    private void write(String key, String value) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, key, value));
        }
    }

    private List<String> read(int count) {
        List<String> values = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "test-broker",
                "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            Awaitility.await().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }
}
