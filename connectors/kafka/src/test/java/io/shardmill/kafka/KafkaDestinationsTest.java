package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.destination.OnFailureDestination;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which destinations there are; nobody is asked. */
class KafkaDestinationsTest {

    private final KafkaDestinations destinations =
            new KafkaDestinations(Map.of("orders", KafkaStream.of("orders-prod")), KafkaClients.of("localhost:1"));

    @AfterEach
    void close() {
        destinations.close();
    }

    private OnFailureDestination find(String name) {
        return destinations.find(name).orElseThrow();
    }

    @Test
    void a_name_is_the_same_topic_each_time_and_other_names_are_others() {
        assertThat(find("kafka://failed")).isSameAs(find("kafka://failed")).isNotSameAs(find("kafka://failed-2"));
        assertThat(destinations.find("arn:aws:sqs:us-east-1:1:failed")).isEmpty();
        assertThat(destinations.find("kafka")).isEmpty();
    }

    @Test
    void a_name_that_no_topic_can_have_is_refused() {
        for (String topic : new String[] {"", ".", "..", "a/b", "localhost:9092/failed", "x".repeat(250)}) {
            assertThatThrownBy(() -> find("kafka://" + topic))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the topic '" + topic + "' must be 1 to 249 letters, digits, '.', '_' or '-', and not '.'"
                                    + " or '..'; name one, as in kafka://orders-failed");
        }
    }

    @Test
    void takes_what_is_read_from_another_topic_only() {
        find("kafka://failed").requireTakes("orders");
        find("kafka://orders").requireTakes("orders"); // the stream's name, and no topic's

        assertThatThrownBy(() -> find("kafka://orders-prod").requireTakes("orders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is the topic that the mapping reads");
        assertThatThrownBy(() -> find("kafka://failed").requireTakes("flights"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stream 'flights' is no topic of Kafka");
    }
}
