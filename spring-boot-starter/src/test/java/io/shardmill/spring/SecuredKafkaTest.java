package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.kafka.TestBroker;
import io.shardmill.poller.control.Mappings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
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

    private static final String TLS = "TLS";
    private static final String LOGIN = "LOGIN";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    private static Path stores;

    private static TestCertificates certificates;
    private static TestBroker broker;

    @TempDir
    private Path folder;

    private final String topic = "orders-" + TOPICS.incrementAndGet();

    /** What the function over an embedded stream got. */
    static final class Unsecured extends CopyOnWriteArrayList<String> {
        private static final long serialVersionUID = 1;
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
        Unsecured unsecured() {
            return new Unsecured();
        }

        @Bean
        Consumer<List<String>> clicks(Unsecured unsecured) {
            return unsecured::addAll;
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
                    return List.of(broker.bootstrapServers(TLS));
                }

                @Override
                public String getSecurityProtocol() {
                    return "SSL";
                }

                @Override
                public SslBundle getSslBundle() {
                    return bundles.getBundle("cluster");
                }
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(stores);
        certificates.make("broker", "client");
        broker = TestBroker.secured(
                Map.of(TLS, "SSL", LOGIN, "SASL_SSL"),
                Map.ofEntries(
                        Map.entry(
                                "ssl.keystore.location",
                                certificates.keys("broker").toString()),
                        Map.entry("ssl.keystore.password", TestCertificates.PASSWORD),
                        Map.entry(
                                "ssl.truststore.location",
                                certificates.trust("client").toString()),
                        Map.entry("ssl.truststore.password", TestCertificates.PASSWORD),
                        Map.entry("listener.name.tls.ssl.client.auth", "required"),
                        Map.entry("listener.name.login.sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN"),
                        Map.entry("listener.name.login.scram-sha-512.sasl.jaas.config", SCRAM + " required;"),
                        Map.entry(
                                "listener.name.login.plain.sasl.jaas.config",
                                PLAIN + " required user_alice=\"secret\";")));
        broker.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "secret")))
                .all()
                .get();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private ConfigurableApplicationContext application(@Nullable Class<?> further, List<String> properties) {
        List<String> arguments = new ArrayList<>(properties);
        arguments.add("--logging.level.org.apache.kafka=off"); // it logs each attempt with a stack
        arguments.add("--shardmill.data-dir=" + folder.resolve("application"));
        arguments.add("--shardmill.streams.orders.kafka.topic=" + topic);
        arguments.add("--shardmill.streams.clicks.shards=1");
        arguments.add("--shardmill.mappings.orders.stream=orders");
        arguments.add("--shardmill.mappings.orders.starting-position=TRIM_HORIZON");
        arguments.add("--shardmill.mappings.clicks.stream=clicks");
        return (further == null
                        ? new SpringApplicationBuilder(Application.class)
                        : new SpringApplicationBuilder(Application.class, further))
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    /** Stores with the client's key, and the certificates that it trusts, each by its owner. */
    private static List<String> bundle(@Nullable String key, String trusted) {
        String prefix = "--spring.ssl.bundle.jks.cluster.";
        List<String> properties = new ArrayList<>(List.of(
                prefix + "truststore.location=file:" + certificates.trust(trusted),
                prefix + "truststore.password=" + TestCertificates.PASSWORD));
        if (key != null) {
            properties.add(prefix + "keystore.location=file:" + certificates.keys(key));
            properties.add(prefix + "keystore.password=" + TestCertificates.PASSWORD);
        }
        return properties;
    }

    private static List<String> tls(@Nullable String key, String trusted) {
        return with(
                bundle(key, trusted),
                "--spring.kafka.ssl.bundle=cluster",
                "--spring.kafka.security.protocol=SSL",
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(TLS));
    }

    private static List<String> login(String... properties) {
        return with(
                with(bundle(null, "broker"), properties),
                "--spring.kafka.ssl.bundle=cluster",
                "--spring.kafka.security.protocol=SASL_SSL",
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(LOGIN));
    }

    private static List<String> scram(String password) {
        return login(
                "--spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512",
                "--spring.kafka.properties.sasl.jaas.config=" + SCRAM + " required username=\"alice\" password=\""
                        + password + "\";");
    }

    private static List<String> with(List<String> properties, String... further) {
        List<String> all = new ArrayList<>(properties);
        all.addAll(Arrays.asList(further));
        return all;
    }

    /** The admin finds the topic, the writer writes to it, and the mapping reads it. */
    private void assertWorks(@Nullable Class<?> further, List<String> properties) {
        broker.createTopic(topic, 1);
        try (ConfigurableApplicationContext application = application(further, properties)) {
            application.getBean(StreamWriter.class).put("orders", PutEntry.of("k", "1"));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts()).containsExactly("1");
        }
    }

    @Test
    void a_bundle_has_the_certificates_of_all_clients() {
        assertWorks(null, tls("client", "broker"));
    }

    @Test
    void connection_details_have_a_bundle() {
        assertWorks(Binding.class, with(bundle("client", "broker"), "--spring.kafka.bootstrap-servers=localhost:1"));
    }

    @Test
    void a_user_logs_in_by_the_properties_of_the_clients() {
        assertWorks(null, scram("secret"));
    }

    @Test
    void a_user_logs_in_by_the_jaas_configuration_of_the_jvm() {
        assertWorks(
                null,
                login(
                        "--spring.kafka.properties.sasl.mechanism=PLAIN",
                        "--spring.kafka.jaas.enabled=true",
                        "--spring.kafka.jaas.login-module=" + PLAIN,
                        "--spring.kafka.jaas.options.username=alice",
                        "--spring.kafka.jaas.options.password=secret"));
    }

    /** The mapping and the writer say why and what to do; another mapping goes on. */
    private void assertRefused(List<String> properties, String... reasonAndAdvice) {
        broker.createTopic(topic, 1);
        try (ConfigurableApplicationContext application = application(null, properties)) {
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
            await().until(() -> application.getBean(Unsecured.class).equals(List.of("a click")));
        }
    }

    @Test
    void brokers_that_are_not_trusted_are_refused() {
        assertRefused(
                tls("client", "client"),
                "unable to find valid certification path to requested target",
                "check that the client trusts the certificates of the brokers");
    }

    @Test
    void brokers_refuse_a_client_without_a_certificate() {
        assertRefused(
                tls(null, "broker"), "fatal alert", "that the brokers trust the client's own certificate if they ask");
    }

    @Test
    void brokers_refuse_a_wrong_password() {
        assertRefused(
                scram("wrong"),
                "invalid credentials with SASL mechanism SCRAM-SHA-512",
                "check security.protocol, sasl.mechanism and the credentials in sasl.jaas.config");
    }
}
