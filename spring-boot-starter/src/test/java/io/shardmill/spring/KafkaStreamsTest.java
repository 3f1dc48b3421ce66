package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.kafka.TestBroker;
import io.shardmill.poller.control.Mappings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application whose stream is a topic. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class KafkaStreamsTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    private Path folder;

    private final TestBroker broker = TestBroker.shared();
    private final String topic = "orders-" + TOPICS.incrementAndGet();

    /** A value as {@code quantity of item}. */
    record Order(String item, int quantity) {}

    /** What the typed function got. */
    static final class Orders extends CopyOnWriteArrayList<Order> {
        private static final long serialVersionUID = 1;
    }

    /** Reads orders that are not JSON. */
    public static final class OrderDeserializer implements Deserializer<Order> {
        @Override
        public Order deserialize(String from, byte[] data) {
            String[] words = new String(data, StandardCharsets.UTF_8).split(" of ", 2);
            return new Order(words[1], Integer.parseInt(words[0]));
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Deliveries deliveries() {
            return new Deliveries();
        }

        @Bean
        Consumer<List<Record>> orders(Deliveries deliveries) {
            return deliveries::add;
        }

        @Bean
        Consumer<List<Record>> failing() {
            return batch -> {
                throw new IllegalStateException("failing");
            };
        }

        @Bean
        Orders seen() {
            return new Orders();
        }

        @Bean
        Consumer<List<Order>> typed(Orders seen) {
            return seen::addAll;
        }
    }

    /** Where the brokers are, as a service binding or a test container says it. */
    @Configuration(proxyBeanMethods = false)
    static class Binding {

        @Bean
        KafkaConnectionDetails brokers() {
            return () -> List.of(TestBroker.shared().bootstrapServers());
        }
    }

    private ConfigurableApplicationContext application(String... properties) {
        return application(broker.bootstrapServers(), List.of(Application.class), properties);
    }

    private ConfigurableApplicationContext application(
            String bootstrapServers, List<Class<?>> sources, String... properties) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--spring.kafka.bootstrap-servers=" + bootstrapServers);
        arguments.add("--shardmill.data-dir=" + folder.resolve("application"));
        arguments.addAll(Arrays.asList(properties));
        return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    private static List<String> texts(int from, int until) {
        return IntStream.range(from, until).mapToObj(Integer::toString).toList();
    }

    private static void put(ConfigurableApplicationContext application, String stream, List<String> texts) {
        application
                .getBean(StreamWriter.class)
                .putAll(
                        stream,
                        texts.stream().map(text -> PutEntry.of("k", text)).toList());
    }

    private static void drain(ConfigurableApplicationContext application) {
        assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                .isTrue();
    }

    @Test
    void connection_details_say_where_the_brokers_are() {
        broker.createTopic(topic, 1);
        try (ConfigurableApplicationContext application = application(
                "localhost:1",
                List.of(Application.class, Binding.class),
                "--shardmill.mappings.orders.topic=" + topic,
                "--shardmill.mappings.orders.starting-position=TRIM_HORIZON")) {
            put(application, topic, texts(0, 10));
            drain(application);
            assertThat(application.getBean(Deliveries.class).texts()).containsExactlyElementsOf(texts(0, 10));
        }
    }

    @Test
    void a_mapping_reads_and_a_writer_writes_a_topic_by_the_name_of_the_stream() {
        broker.createTopic(topic, 2);
        String[] properties = {
            "--shardmill.streams.orders.kafka.topic=" + topic, "--shardmill.mappings.orders.stream=orders"
        };
        try (ConfigurableApplicationContext application = application(properties)) {
            put(application, "orders", texts(0, 40));
            drain(application);
            assertThat(application.getBean(Deliveries.class).texts()).containsExactlyElementsOf(texts(0, 40));
        }
        try (ConfigurableApplicationContext application = application(properties)) {
            put(application, "orders", texts(40, 80));
            drain(application);
            assertThat(application.getBean(Deliveries.class).texts()).containsExactlyElementsOf(texts(40, 80));
        }
    }

    @Test
    void a_mapping_names_a_topic_and_its_consumer_group_beside_embedded_streams(CapturedOutput output)
            throws Exception {
        broker.createTopic(topic, 1);
        try (ConfigurableApplicationContext application = application(
                "--shardmill.streams.embedded.shards=1",
                "--shardmill.mappings.orders.topic=" + topic,
                "--shardmill.mappings.orders.consumer-group=of-" + topic)) {
            put(application, topic, texts(0, 10));
            put(application, "embedded", texts(0, 1));
            drain(application);
            assertThat(application.getBean(Deliveries.class).texts()).containsExactlyElementsOf(texts(0, 10));
            assertThat(application
                            .getBean(Mappings.class)
                            .get("orders")
                            .mapping()
                            .batching()
                            .maximumBatchingWindow())
                    .isEqualTo(Duration.ofMillis(500));
            assertThat(new MappingReports(application.getBean(Mappings.class))
                            .one("orders")
                            .consumerGroup())
                    .isEqualTo("of-" + topic);
        }
        assertThat(output)
                .contains("Mapping 'orders' reads stream '" + topic + "' as consumer group 'of-" + topic + "'");
        assertThat(broker.admin()
                        .listConsumerGroupOffsets("of-" + topic)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .values())
                .singleElement()
                .satisfies(committed -> assertThat(committed.offset()).isEqualTo(10));
    }

    @Test
    void what_is_given_up_is_in_the_topic_that_the_property_names_and_a_mapping_can_read_it() {
        broker.createTopic(topic, 1);
        broker.createTopic(topic + "-failed", 1);
        try (ConfigurableApplicationContext application = application(
                "--shardmill.streams.payments.kafka.topic=" + topic,
                "--shardmill.mappings.failing.stream=payments",
                "--shardmill.mappings.failing.maximum-retry-attempts=0",
                "--shardmill.mappings.failing.on-failure=kafka://" + topic + "-failed",
                "--shardmill.mappings.orders.topic=" + topic + "-failed")) {
            put(application, "payments", texts(0, 2));
            drain(application);
            drain(application); // what came of it
            assertThat(application.getBean(Deliveries.class).texts())
                    .hasSize(2)
                    .allSatisfy(document -> assertThat(document)
                            .contains("\"condition\":\"RetryAttemptsExhausted\"", "\"topic\":\"" + topic + "\""));
        }
    }

    @Test
    void a_typed_function_gets_what_the_deserializer_reads_and_a_record_that_it_cannot_read_fails_alone() {
        broker.createTopic(topic, 1);
        try (ConfigurableApplicationContext application = application(
                "--spring.kafka.consumer.value-deserializer=" + OrderDeserializer.class.getName(),
                "--shardmill.mappings.typed.topic=" + topic,
                "--shardmill.mappings.typed.bisect-batch-on-function-error=true",
                "--shardmill.mappings.typed.maximum-retry-attempts=0")) {
            put(application, topic, List.of("2 of apples", "3 of pears", "no order", "4 of plums"));
            drain(application);
            assertThat(application.getBean(Orders.class))
                    .containsExactly(new Order("apples", 2), new Order("pears", 3), new Order("plums", 4));
        }
    }

    @Test
    void properties_that_do_not_go_together_are_refused() {
        assertThatThrownBy(() ->
                        application("--shardmill.mappings.orders.topic=a", "--shardmill.mappings.orders.stream=b"))
                .hasStackTraceContaining(
                        "shardmill.mappings.orders.topic: does not go with shardmill.mappings.orders.stream");
        assertThatThrownBy(() ->
                        application("--shardmill.streams.orders.kafka.topic=a", "--shardmill.streams.orders.kinesis=b"))
                .hasStackTraceContaining(
                        "shardmill.streams.orders.kafka: does not go with shardmill.streams.orders.kinesis");
        assertThatThrownBy(
                        () -> application("--shardmill.streams.a.kafka.topic=b", "--shardmill.mappings.orders.topic=a"))
                .hasStackTraceContaining("'a' is the name of another stream by shardmill.streams.a");
        assertThatThrownBy(() -> application(
                        "--shardmill.namespace=app",
                        "--shardmill.mappings.orders.topic=a",
                        "--shardmill.mappings.typed.topic=a",
                        "--shardmill.mappings.typed.consumer-group=app.orders"))
                .hasStackTraceContaining("consumer-group: 'app.orders' is that of shardmill.mappings.");
        assertThatThrownBy(() -> application(
                        "--spring.kafka.consumer.value-deserializer=com.acme.Missing",
                        "--shardmill.mappings.orders.topic=a"))
                .hasStackTraceContaining("com.acme.Missing");
        assertThatThrownBy(() -> application("--shardmill.streams.orders.kafka.topic=not/a/topic"))
                .hasStackTraceContaining("'not/a/topic'");
        assertThatThrownBy(() -> application(
                        "--shardmill.mappings.orders.topic=a",
                        "--shardmill.mappings.orders.consumer-group=g",
                        "--shardmill.mappings.typed.topic=a",
                        "--shardmill.mappings.typed.consumer-group=g"))
                .hasStackTraceContaining("consumer-group: 'g' is that of shardmill.mappings.");
    }
}
