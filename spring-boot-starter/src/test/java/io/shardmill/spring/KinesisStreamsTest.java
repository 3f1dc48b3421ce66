package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** An application whose stream is Kinesis's; in place of AWS another application serves its embedded stream. */
@Timeout(120)
class KinesisStreamsTest extends WithKinesisStandIn {

    @Test
    void a_mapping_reads_and_a_writer_writes_a_stream_of_kinesis_by_its_own_name() {
        String[] properties = {
            "--shardmill.streams.orders.kinesis=orders-prod", "--shardmill.mappings.orders.stream=orders"
        };
        try (ConfigurableApplicationContext application = application(properties)) {
            assertThat(application.getBean(StreamWriter.class).putAll("orders", entries(0)))
                    .allSatisfy(result -> assertThat(result).isInstanceOf(PutResult.Stored.class));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts())
                    .containsExactlyInAnyOrderElementsOf(texts(0, ORDERS));
        }
        try (ConfigurableApplicationContext application = application(properties)) {
            application.getBean(StreamWriter.class).putAll("orders", entries(ORDERS));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts())
                    .containsExactlyInAnyOrderElementsOf(texts(ORDERS, 2 * ORDERS));
        }
    }

    @Test
    void its_status_tells_how_far_behind_the_newest_record_it_is_read() {
        try (ConfigurableApplicationContext application = application(
                "--shardmill.streams.orders.kinesis=orders-prod", "--shardmill.mappings.orders.stream=orders")) {
            Mappings mappings = application.getBean(Mappings.class);
            assertThat(mappings.awaitDrained(Duration.ofSeconds(60))).isTrue();

            MappingReport report = MappingReport.of(mappings.describe("orders").join());
            assertThat(report.millisBehindLatest()).isZero();
            assertThat(report.recordsBehind()).isNull();
            assertThat(report.shards().values())
                    .hasSize(2)
                    .allSatisfy(shard -> assertThat(shard.millisBehindLatest()).isZero());
        }
    }

    @Test
    void a_mapping_that_comes_from_the_embedded_stream_begins_with_the_oldest_record() {
        try (ConfigurableApplicationContext application =
                application("--shardmill.mappings.orders.stream=orders", "--shardmill.streams.orders.shards=1")) {
            application.getBean(StreamWriter.class).putAll("orders", entries(0));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
        }
        kinesis.streams().putAll("orders-prod", entries(ORDERS));
        try (ConfigurableApplicationContext application = application(
                "--shardmill.mappings.orders.stream=orders",
                "--shardmill.mappings.orders.starting-position=LATEST",
                "--shardmill.streams.orders.shards=1",
                "--shardmill.streams.orders.kinesis=orders-prod")) {
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts())
                    .containsExactlyInAnyOrderElementsOf(texts(ORDERS, 2 * ORDERS));
        }
    }

    @Test
    void a_mapping_subscribes_as_a_consumer() {
        kinesis.streams().putAll("orders-prod", entries(0));
        try (ConfigurableApplicationContext application = application(
                "--shardmill.streams.orders.kinesis=orders-prod",
                "--shardmill.streams.orders.consumer=billing",
                "--shardmill.mappings.orders.stream=orders")) {
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts())
                    .containsExactlyInAnyOrderElementsOf(texts(0, ORDERS));
        }
    }

    @Test
    void a_mapping_names_a_stream_by_its_arn() {
        kinesis.streams().putAll("orders-prod", entries(0));
        try (ConfigurableApplicationContext application = application(
                "--shardmill.account-id=111122223333",
                "--shardmill.mappings.orders.stream=arn:aws:kinesis:us-east-1:000000000000:stream/orders-prod")) {
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts())
                    .containsExactlyInAnyOrderElementsOf(texts(0, ORDERS));
        }
    }

    @Test
    void two_mappings_of_one_consumer_are_refused() {
        assertThatThrownBy(() -> application(
                        "--shardmill.streams.orders.kinesis=orders-prod",
                        "--shardmill.streams.orders.consumer=billing",
                        "--shardmill.mappings.audit.stream=orders",
                        "--shardmill.mappings.audit.function=orders",
                        "--shardmill.mappings.orders.stream=orders"))
                .rootCause()
                .hasMessageContaining("shardmill.mappings.orders.stream: 'orders' is read by mapping 'audit'");
        assertThatThrownBy(() -> application(
                        "--shardmill.streams.orders.kinesis=orders-prod",
                        "--shardmill.streams.orders.consumer=billing",
                        "--shardmill.streams.orders.profile=one",
                        "--shardmill.streams.audit.kinesis=orders-prod",
                        "--shardmill.streams.audit.consumer=billing",
                        "--shardmill.streams.audit.profile=one"))
                .rootCause()
                .hasMessageContaining(".consumer: 'billing' is that of shardmill.streams.");
    }

    @Test
    void a_wrong_endpoint_of_all_streams_is_not_one_streams_own() {
        assertThatThrownBy(() -> application(
                        "--shardmill.streams.orders.kinesis=orders-prod",
                        "--shardmill.aws.kinesis.endpoint=localhost:4567"))
                .rootCause()
                .hasMessageStartingWith("shardmill.aws.kinesis.endpoint: ")
                .hasMessageContaining("localhost:4567' must be a URI");
    }

    @Test
    void all_wrong_properties_of_streams_are_named_at_once() {
        assertThatThrownBy(() -> application(
                        "--shardmill.streams.orders.kinesis=no/name",
                        "--shardmill.streams.flights.consumer=billing",
                        "--shardmill.streams.audit.kinesis=audit",
                        "--shardmill.streams.audit.polling.reads-per-second=0"))
                .rootCause()
                .hasMessageContaining("shardmill.streams.orders.kinesis: 'no/name' must be the name")
                .hasMessageContaining("shardmill.streams.flights.consumer: is for streams of Kinesis")
                .hasMessageContaining("shardmill.streams.audit.polling.reads-per-second: 0 must be 1 to 1000");
    }
}
