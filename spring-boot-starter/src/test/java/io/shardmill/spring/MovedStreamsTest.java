package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutEntry;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** An application that moves its embedded stream to Kinesis; in place of AWS another application serves its embedded stream. */
@Timeout(120)
class MovedStreamsTest extends WithKinesisStandIn {

    private static String[] embedded(String... more) {
        List<String> properties = new ArrayList<>(
                List.of("--shardmill.streams.orders.shards=2", "--shardmill.mappings.orders.stream=orders"));
        properties.addAll(List.of(more));
        return properties.toArray(String[]::new);
    }

    private static String[] moved(String... more) {
        List<String> properties = new ArrayList<>(List.of(embedded()));
        properties.add("--shardmill.streams.orders.kinesis=orders-prod");
        properties.add("--shardmill.streams.orders.move.from=embedded");
        properties.addAll(List.of(more));
        return properties.toArray(String[]::new);
    }

    private static void assertDelivered(ConfigurableApplicationContext application, int from, int until) {
        assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                .isTrue();
        List<String> delivered = application.getBean(Deliveries.class).texts();
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(texts(from, until));
        for (int key = 0; key < CUSTOMERS; key++) {
            int of = key;
            assertThat(delivered.stream().map(Integer::valueOf).filter(order -> order % CUSTOMERS == of))
                    .as("orders of customer %s", key)
                    .isSorted();
        }
    }

    @Test
    void what_the_embedded_stream_keeps_is_delivered_before_what_is_in_kinesis() {
        try (ConfigurableApplicationContext application = application(embedded())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(0));
            assertDelivered(application, 0, ORDERS);
        }
        try (ConfigurableApplicationContext application =
                application(embedded("--shardmill.mappings.orders.enabled=false"))) {
            application.getBean(StreamWriter.class).putAll("orders", entries(ORDERS));
        }
        kinesis.streams().putAll("orders-prod", entries(2 * ORDERS));
        try (ConfigurableApplicationContext application = application(moved())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(3 * ORDERS));
            assertDelivered(application, ORDERS, 4 * ORDERS);
        }
        try (ConfigurableApplicationContext application = application(moved())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(4 * ORDERS));
            assertDelivered(application, 4 * ORDERS, 5 * ORDERS);
        }
    }

    @Test
    void the_embedded_stream_takes_no_records_any_more() {
        try (ConfigurableApplicationContext application = application(embedded())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(0));
        }
        try (ConfigurableApplicationContext application = application(moved())) {
            assertThatThrownBy(() ->
                            application.getBean(EmbeddedStreams.class).put("orders", PutEntry.of("customer-1", "late")))
                    .hasMessageContaining("embedded stream 'orders' was moved and takes no records any more");
        }
    }

    @Test
    void when_the_move_is_done_the_property_may_go() throws IOException {
        try (ConfigurableApplicationContext application = application(embedded())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(0));
        }
        try (ConfigurableApplicationContext application = application(moved())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(ORDERS));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
        }
        FileSystemUtils.deleteRecursively(folder.resolve("application/streams"));
        try (ConfigurableApplicationContext application = application(embedded(
                "--shardmill.streams.orders.kinesis=orders-prod", "--shardmill.checkpoint-recovery=accept-older"))) {
            application.getBean(StreamWriter.class).putAll("orders", entries(2 * ORDERS));
            assertDelivered(application, 2 * ORDERS, 3 * ORDERS);
        }
    }

    @Test
    void without_an_embedded_stream_there_is_nothing_to_move() {
        kinesis.streams().putAll("orders-prod", entries(0));
        try (ConfigurableApplicationContext application = application(moved())) {
            assertDelivered(application, 0, ORDERS);
            assertThat(application.getBean(EmbeddedStreams.class).list()).isEmpty();
        }
    }

    @Test
    void what_is_wrong_is_named_before_anything_is_closed() {
        try (ConfigurableApplicationContext application = application(embedded())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(0));
        }
        assertThatThrownBy(() -> application(moved(
                        "--shardmill.streams.orders.move.starting-position=LATEST",
                        "--shardmill.streams.flights.kinesis=flights",
                        "--shardmill.streams.flights.move.starting-position=TRIM_HORIZON")))
                .rootCause()
                .hasMessageContaining("shardmill.streams.orders.move.starting-position: LATEST; leaves out what is put")
                .hasMessageContaining("shardmill.streams.flights.move.from: is required; set it to embedded");
        assertThatThrownBy(() -> application(embedded("--shardmill.streams.orders.move.from=embedded")))
                .rootCause()
                .hasMessageContaining("shardmill.streams.orders.move: is for streams of Kinesis");
        assertThatThrownBy(() -> application(moved("--shardmill.streams.orders.move.from=kafka")))
                .rootCause()
                .hasMessageContaining("kafka");
        assertThatThrownBy(() -> application(moved("--shardmill.streams.orders.move.starting-position=AT_TIMESTAMP")))
                .rootCause()
                .hasMessageContaining("starting-position-timestamp: is required");
        assertThatThrownBy(() -> application(
                        moved("--shardmill.streams.orders.move.starting-position-timestamp=2026-11-23T10:15:30Z")))
                .rootCause()
                .hasMessageContaining("is not valid with starting-position TRIM_HORIZON");

        try (ConfigurableApplicationContext application = application(embedded())) {
            application.getBean(StreamWriter.class).putAll("orders", entries(ORDERS));
        }
    }
}
