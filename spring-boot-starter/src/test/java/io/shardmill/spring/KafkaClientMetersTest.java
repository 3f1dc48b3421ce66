package io.shardmill.spring;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shardmill.documents.Repository;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.kafka.KafkaStreams;
import io.shardmill.kafka.TestBroker;
import io.shardmill.poller.control.Mappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;

/** The metrics of Kafka's clients, beside those of other clients of the application. */
@Timeout(120)
class KafkaClientMetersTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    /** A metric of a client in the reference, and its name in Prometheus. */
    private static final Pattern ROW = Pattern.compile("^\\| `(kafka\\.[a-z.]+)` \\| `(\\w+)` \\|", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    private final TestBroker broker = TestBroker.shared();
    private final String topic = "metered-" + TOPICS.incrementAndGet();

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Consumer<List<Record>> store() {
            return batch -> {};
        }
    }

    private ConfigurableApplicationContext application(String... properties) {
        broker.createTopic(topic, 1);
        List<String> arguments = new ArrayList<>(Arrays.asList(properties));
        arguments.add("--spring.kafka.bootstrap-servers=" + broker.bootstrapServers());
        arguments.add("--shardmill.namespace=shop");
        arguments.add("--shardmill.data-dir=" + folder);
        arguments.add("--shardmill.streams.orders.kafka.topic=" + topic);
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    /** Reads and writes the topic. */
    private static void work(ConfigurableApplicationContext application) {
        application.getBean(StreamWriter.class).put("orders", PutEntry.of("k", "1"));
        Mappings mappings = application.getBean(Mappings.class);
        new Feeds(mappings).open("feed", "orders");
        assertThat(mappings.awaitDrained(Duration.ofSeconds(60))).isTrue();
    }

    /** Returns the clients that have metrics, without their numbers. */
    private static Set<String> clients(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag("client.id"))
                .filter(id -> id != null)
                .map(id -> id.replaceAll("[0-9]+$", "<n>"))
                .collect(toCollection(TreeSet::new));
    }

    @Test
    void all_clients_have_those_of_the_reference_with_an_id_that_names_the_group() throws IOException {
        try (ConfigurableApplicationContext application = application()) {
            work(application);
            PrometheusMeterRegistry registry = application.getBean(PrometheusMeterRegistry.class);
            assertThat(clients(registry))
                    .containsExactly("shardmill-admin-<n>", "shardmill-producer-<n>", "shardmill-shop.feed-<n>");
            String scraped = registry.scrape();
            assertThat(ROW.matcher(Files.readString(Repository.ROOT.resolve("docs/reference/metrics.md")))
                            .results())
                    .isNotEmpty()
                    .allSatisfy(row -> {
                        assertThat(registry.find(row.group(1)).meter())
                                .as(row.group(1))
                                .isNotNull();
                        assertThat(scraped).contains("\n" + row.group(2) + "{");
                    });
        }
    }

    @Test
    void those_of_a_mapping_stay_while_it_is_paused_and_go_when_it_is_deleted() {
        try (ConfigurableApplicationContext application = application("--spring.kafka.client-id=web")) {
            work(application);
            MeterRegistry registry = application.getBean(MeterRegistry.class);
            Mappings mappings = application.getBean(Mappings.class);
            mappings.pause("feed").join();
            assertThat(clients(registry)).contains("web-shardmill-shop.feed-<n>");

            mappings.delete("feed");
            await().until(() -> mappings.names().isEmpty());
            await().untilAsserted(() -> assertThat(clients(registry))
                    .containsExactly("web-shardmill-admin-<n>", "web-shardmill-producer-<n>"));
        }
    }

    /** Prometheus wants the same tags on all metrics of a name, and Micrometer drops those of a client with fewer. */
    @Test
    void those_of_other_consumers_of_the_application_are_kept() {
        try (ConfigurableApplicationContext application = application()) {
            ConsumerFactory<?, ?> factory = application.getBean(ConsumerFactory.class);
            try (var other = factory.createConsumer("other", "other", null)) {
                assertThat(other.assignment()).isEmpty();
                work(application);
                assertThat(application
                                .getBean(PrometheusMeterRegistry.class)
                                .scrape()
                                .lines()
                                .filter(line ->
                                        line.startsWith("kafka_consumer_fetch_manager_records_consumed_total{")))
                        .hasSize(2)
                        .anyMatch(line -> line.contains("client_id=\"other\""));
            }
        }
    }

    @Test
    void without_micrometer_the_streams_are_there() {
        Apps.in(folder)
                .withConfiguration(
                        AutoConfigurations.of(KafkaAutoConfiguration.class, ShardmillKafkaAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .withPropertyValues("shardmill.streams.orders.kafka.topic=" + topic)
                .run(context -> assertThat(context.getBean(KafkaStreams.class).has("orders"))
                        .isTrue());
    }
}
