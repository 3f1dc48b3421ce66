package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.kafka.TestBroker;
import io.shardmill.poller.control.Mappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    private static final String BUNDLE = "spring.ssl.bundle.pem.kafka.";
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    private static Path stores;

    private static TestCertificates certificates;
    private static TestBroker broker;

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
                    return List.of(broker.bootstrapServers(TLS));
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
        certificates = new TestCertificates(stores);
        certificates.make("broker", "client");
        broker = TestBroker.secured(
                Map.of(TLS, "SSL", LOGIN, "SASL_SSL"),
                Map.ofEntries(
                        Map.entry("ssl.keystore.type", "PEM"),
                        Map.entry("ssl.keystore.key", Files.readString(certificates.key("broker"))),
                        Map.entry(
                                "ssl.keystore.certificate.chain", Files.readString(certificates.certificate("broker"))),
                        Map.entry("ssl.truststore.type", "PEM"),
                        Map.entry("ssl.truststore.certificates", Files.readString(certificates.certificate("client"))),
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

    /**
     * How an application is configured.
     *
     * @param guide what the guide says
     * @param arguments what is another here, such as where files are
     */
    private record Settings(Map<String, Object> guide, List<String> arguments) {}

    private ConfigurableApplicationContext application(@Nullable Class<?> further, Settings settings) {
        List<String> arguments = new ArrayList<>(settings.arguments());
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
                .properties(settings.guide())
                .run(arguments.toArray(String[]::new));
    }

    /** The files that the guide names: whose certificates the client trusts, and its own key. */
    private static List<String> files(@Nullable String key, String trusted) {
        List<String> properties = new ArrayList<>(
                List.of("--" + BUNDLE + "truststore.certificate=file:" + certificates.certificate(trusted)));
        if (key != null) {
            properties.add("--" + BUNDLE + "keystore.certificate=file:" + certificates.certificate(key));
            properties.add("--" + BUNDLE + "keystore.private-key=file:" + certificates.key(key));
        }
        return properties;
    }

    /** The guide's configuration of TLS; without a key what it has of one is left out. */
    private static Settings tls(@Nullable String key, String trusted) throws IOException {
        Map<String, Object> guide = guide(0);
        if (key == null) {
            guide.keySet().removeIf(name -> name.startsWith(BUNDLE + "keystore"));
        }
        return new Settings(
                guide, with(files(key, trusted), "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(TLS)));
    }

    /** The guide's configuration of a user. */
    private static Settings scram(String password) throws IOException {
        return login(guide(1), "--KAFKA_USER=alice", "--KAFKA_PASSWORD=" + password);
    }

    private static Settings login(Map<String, Object> guide, String... properties) {
        return new Settings(
                guide,
                with(
                        with(files(null, "broker"), properties),
                        "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(LOGIN)));
    }

    /** Returns what the guide shows, by its number in the chapter. */
    private static Map<String, Object> guide(int number) throws IOException {
        return GuideConfiguration.read("kafka.md", "## Security", number);
    }

    private static List<String> with(List<String> properties, String... further) {
        List<String> all = new ArrayList<>(properties);
        all.addAll(Arrays.asList(further));
        return all;
    }

    /** The admin finds the topic, the writer writes to it, and the mapping reads it. */
    private void assertWorks(@Nullable Class<?> further, Settings settings) {
        broker.createTopic(topic, 1);
        try (ConfigurableApplicationContext application = application(further, settings)) {
            application.getBean(StreamWriter.class).put("orders", PutEntry.of("k", "1"));
            assertThat(application.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                    .isTrue();
            assertThat(application.getBean(Deliveries.class).texts()).containsExactly("1");
        }
    }

    @Test
    void a_bundle_has_the_certificates_of_all_clients() throws IOException {
        assertWorks(null, tls("client", "broker"));
    }

    @Test
    void connection_details_have_a_bundle() {
        assertWorks(
                Binding.class,
                new Settings(
                        Map.of(), with(files("client", "broker"), "--spring.kafka.bootstrap-servers=localhost:1")));
    }

    @Test
    void a_user_logs_in_by_the_properties_of_the_clients() throws IOException {
        assertWorks(null, scram("secret"));
    }

    @Test
    void a_user_logs_in_by_the_jaas_configuration_of_the_jvm() throws IOException {
        Map<String, Object> guide = guide(1);
        guide.remove("spring.kafka.properties.sasl.jaas.config");
        assertWorks(
                null,
                login(
                        guide,
                        "--spring.kafka.properties.sasl.mechanism=PLAIN",
                        "--spring.kafka.jaas.enabled=true",
                        "--spring.kafka.jaas.login-module=" + PLAIN,
                        "--spring.kafka.jaas.options.username=alice",
                        "--spring.kafka.jaas.options.password=secret"));
    }

    /** The mapping and the writer say why and what to do; another mapping goes on. */
    private void assertRefused(Settings settings, String... reasonAndAdvice) {
        broker.createTopic(topic, 1);
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
                tls("client", "client"),
                "unable to find valid certification path to requested target",
                "check that the client trusts the certificates of the brokers");
    }

    @Test
    void brokers_refuse_a_client_without_a_certificate() throws IOException {
        assertRefused(
                tls(null, "broker"), "fatal alert", "that the brokers trust the client's own certificate if they ask");
    }

    @Test
    void brokers_refuse_a_wrong_password() throws IOException {
        assertRefused(
                scram("wrong"),
                "invalid credentials with SASL mechanism SCRAM-SHA-512",
                "check security.protocol, sasl.mechanism and the credentials in sasl.jaas.config");
    }
}
