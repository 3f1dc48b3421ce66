package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
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

    private static Map<String, Object> consumer(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", "localhost:9092");
        return new KafkaClients(properties, Map.of(), Map.of()).consumerProperties("orders");
    }
}
