package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Streams on a cluster that is secured, in the ways that Boot has for it. */
@Timeout(120)
class SecuredKafkaTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    private static Path keys;

    private static SecuredCluster cluster;

    @TempDir
    private Path folder;

    private final String topic = "orders-" + TOPICS.incrementAndGet();

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
        Consumer<List<Record>> clicks(Deliveries deliveries) {
            return deliveries::add;
        }
    }

    /** Where the brokers are and how they are secured, as a service binding or a test container says it. */
    @Configuration(proxyBeanMethods = false)
    static class Binding {

        @Bean
        KafkaConnectionDetails brokers(SslBundles bundles) {
            return new KafkaConnectionDetails() {
                @Override
                public List<String> getBootstrapServers() {
                    return List.of(cluster.tlsServers());
                }

                @Override
                public String getSecurityProtocol() {
                    return "SSL";
                }

                @Override
                public SslBundle getSslBundle() {
                    return bundles.getBundle("kafka");
                }
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new SecuredCluster(keys);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private ConfigurableApplicationContext application(@Nullable Class<?> further, Map<String, Object> settings) {
        cluster.broker().createTopic(topic, 1);
        return (further == null
                        ? new SpringApplicationBuilder(Application.class)
                        : new SpringApplicationBuilder(Application.class, further))
                .web(WebApplicationType.NONE)
                .properties(settings)
                .run(
                        "--logging.level.org.apache.kafka=off", // it logs each attempt with a stack
                        "--shardmill.data-dir=" + folder.resolve("application"),
                        "--shardmill.streams.orders.kafka.topic=" + topic,
                        "--shardmill.streams.clicks.shards=1",
                        "--shardmill.mappings.orders.stream=orders",
                        "--shardmill.mappings.orders.starting-position=TRIM_HORIZON",
                        "--shardmill.mappings.clicks.stream=clicks");
    }

    /** The admin finds the topic, the writer writes to it, and the mapping reads it. */
    private void assertWorks(@Nullable Class<?> further, Map<String, Object> settings) {
        try (ConfigurableApplicationContext application = application(further, settings)) {
            application.getBean(StreamWriter.class).put("orders", PutEntry.of("k", "1"));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts()).containsExactly("1");
        }
    }

    @Test
    void a_bundle_has_the_certificates_of_all_clients() throws IOException {
        assertWorks(null, cluster.tls("client", "broker"));
    }

    @Test
    void connection_details_have_a_bundle() {
        Map<String, Object> settings = cluster.bundle("client", "broker");
        settings.put("spring.kafka.bootstrap-servers", "localhost:1");
        assertWorks(Binding.class, settings);
    }

    @Test
    void a_user_logs_in_by_the_properties_of_the_clients() throws IOException {
        assertWorks(null, cluster.login(SecuredCluster.PASSWORD));
    }

    @Test
    void a_user_logs_in_by_the_jaas_configuration_of_the_jvm() throws IOException {
        Map<String, Object> settings = cluster.login("unused");
        settings.remove("spring.kafka.properties.sasl.jaas.config");
        settings.put("spring.kafka.properties.sasl.mechanism", "PLAIN");
        settings.put("spring.kafka.jaas.enabled", "true");
        settings.put("spring.kafka.jaas.login-module", SecuredCluster.PLAIN);
        settings.put("spring.kafka.jaas.options.username", "alice");
        settings.put("spring.kafka.jaas.options.password", SecuredCluster.PASSWORD);
        assertWorks(null, settings);
    }

    /** The mapping and the writer say why and what to do; another mapping goes on. */
    private void assertRefused(Map<String, Object> settings, String... reasonAndAdvice) {
        try (ConfigurableApplicationContext application = application(null, settings)) {
            MappingReports reports = new MappingReports(application.getBean(Mappings.class));
            await().untilAsserted(() -> assertThat(reports.one("orders").problem())
                    .startsWith("topic '" + topic + "' on localhost:")
                    .contains(reasonAndAdvice));

            StreamWriter writer = application.getBean(StreamWriter.class);
            assertThat(writer.putAll("orders", List.of(PutEntry.of("k", "1"))))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PutResult.Rejected.class,
                            rejected -> assertThat(rejected.message()).contains(reasonAndAdvice));

            writer.put("clicks", PutEntry.of("k", "a click"));
            await().until(() -> application.getBean(Deliveries.class).texts().equals(List.of("a click")));
        }
    }

    @Test
    void brokers_that_are_not_trusted_are_refused() throws IOException {
        assertRefused(
                cluster.tls("client", "client"),
                "unable to find valid certification path to requested target",
                "check that the client trusts the certificates of the brokers");
    }

    @Test
    void brokers_refuse_a_client_without_a_certificate() throws IOException {
        assertRefused(
                cluster.tls(null, "broker"),
                "fatal alert",
                "that the brokers trust the client's own certificate if they ask");
    }

    @Test
    void brokers_refuse_a_wrong_password() throws IOException {
        assertRefused(
                cluster.login("wrong"),
                "invalid credentials with SASL mechanism SCRAM-SHA-512",
                "check security.protocol, sasl.mechanism and the credentials in sasl.jaas.config");
    }

    /** Nothing is read, and no partition is there that could show it. */
    @Test
    void a_reader_alone_that_is_refused_is_its_mappings_problem_all_the_time() throws IOException {
        Map<String, Object> settings = cluster.login(SecuredCluster.PASSWORD);
        settings.put(
                "spring.kafka.consumer.properties.sasl.jaas.config",
                SecuredCluster.SCRAM + " required username=\"alice\" password=\"wrong\";");
        try (ConfigurableApplicationContext application = application(null, settings)) {
            MappingReports reports = new MappingReports(application.getBean(Mappings.class));
            Callable<Boolean> isShown = () -> Objects.toString(
                            reports.one("orders").problem(), "")
                    .startsWith("consumer group 'default.orders' can't be polled: SaslAuthenticationException: ");
            await().until(isShown);
            await().pollInterval(Duration.ofMillis(20))
                    .during(Duration.ofSeconds(4))
                    .until(isShown);
        }
    }
}
