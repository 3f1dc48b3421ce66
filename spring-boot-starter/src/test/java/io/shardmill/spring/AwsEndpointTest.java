package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.aws.http.AwsEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** AWS's interfaces on the port of an application, and when they are not there. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class AwsEndpointTest {

    private static final String PASSWORD = "changeit";
    private static final String ACCESS_KEY_ID = "shardmill.aws-endpoint.access-key-id=AKIDEXAMPLE";
    private static final String SECRET_ACCESS_KEY = "shardmill.aws-endpoint.secret-access-key=right";

    @TempDir
    private Path folder;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private ConfigurableApplicationContext run(String... properties) {
        List<String> all = new ArrayList<>(List.of("server.port=0", "shardmill.data-dir=" + folder.resolve("data")));
        all.addAll(List.of(properties));
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(all.toArray(String[]::new))
                .run();
    }

    private static KinesisAsyncClientBuilder client(
            ConfigurableApplicationContext application, String scheme, String secret) {
        String port = application.getEnvironment().getProperty("local.server.port");
        return KinesisAsyncClient.builder()
                .endpointOverride(URI.create(scheme + "://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", secret)));
    }

    private static List<String> streams(KinesisAsyncClient client) throws Exception {
        return client.listStreams().get(30, TimeUnit.SECONDS).streamNames();
    }

    @Test
    void the_sdks_async_client_is_served_with_its_default_settings_in_plain_text() throws Exception {
        try (ConfigurableApplicationContext application =
                        run("server.address=127.0.0.1", "shardmill.streams.orders.shards=1");
                KinesisAsyncClient client = client(application, "http", "any").build()) {
            assertThat(streams(client)).containsExactly("orders");
        }
    }

    @Test
    void on_tomcat_it_is_served_over_http_1_only_and_the_log_says_so(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext application = run(
                "server.address=127.0.0.1",
                "shardmill.streams.orders.shards=1",
                "spring.autoconfigure.exclude=" + JettyServletWebServerAutoConfiguration.class.getName())) {
            String port = application.getEnvironment().getProperty("local.server.port");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                    .header("Content-Type", "application/x-amz-json-1.1")
                    .header("X-Amz-Target", "Kinesis_20131202.ListStreams")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.body()).contains("orders");
            assertThat(output)
                    .contains("; HTTP/1.1 only: SubscribeToShard and some clients need HTTP/2. Replace "
                            + "spring-boot-starter-tomcat with spring-boot-starter-jetty, ");
        }
    }

    @Test
    void where_it_is_served_and_to_whom_is_said_once(CapturedOutput output) {
        try (ConfigurableApplicationContext application = run("server.address=127.0.0.1")) {
            String port = application.getEnvironment().getProperty("local.server.port");
            assertThat(output)
                    .containsOnlyOnce("AWS's interfaces (kinesis, lambda) are served on http://127.0.0.1:" + port
                            + "; requests need no signature");
        }
        try (ConfigurableApplicationContext application =
                run("server.servlet.context-path=/app", ACCESS_KEY_ID, SECRET_ACCESS_KEY)) {
            String port = application.getEnvironment().getProperty("local.server.port");
            assertThat(output)
                    .containsOnlyOnce(" are served on http://127.0.0.1:" + port + "/app; requests have to be signed");
        }
    }

    @Test
    void below_a_context_path_it_is_served_below_that() throws Exception {
        try (ConfigurableApplicationContext application = run(
                        "server.servlet.context-path=/app",
                        "shardmill.streams.orders.shards=1",
                        ACCESS_KEY_ID,
                        SECRET_ACCESS_KEY);
                KinesisAsyncClient client = client(application, "http", "right")
                        .endpointOverride(URI.create("http://127.0.0.1:"
                                + application.getEnvironment().getProperty("local.server.port") + "/app"))
                        .build()) {
            assertThat(streams(client)).containsExactly("orders");
        }
    }

    /** Over TLS and signed. */
    private ConfigurableApplicationContext runSecured(Path store) {
        return run(
                "shardmill.streams.orders.shards=1",
                "spring.ssl.bundle.jks.shardmill.keystore.location=" + store.toUri(),
                "spring.ssl.bundle.jks.shardmill.keystore.password=" + PASSWORD,
                "server.ssl.bundle=shardmill",
                ACCESS_KEY_ID,
                SECRET_ACCESS_KEY);
    }

    private static NettyNioAsyncHttpClient.Builder trusting(Path store) {
        return NettyNioAsyncHttpClient.builder()
                .tlsTrustManagersProvider(() -> trust(store).getTrustManagers());
    }

    @Test
    void records_are_pushed_over_tls_as_they_come() throws Exception {
        Path store = keyStore();
        List<String> pushed = new CopyOnWriteArrayList<>();
        try (ConfigurableApplicationContext application = runSecured(store);
                KinesisAsyncClient client = client(application, "https", "right")
                        .httpClientBuilder(trusting(store))
                        .build()) {
            String stream = client.describeStreamSummary(request -> request.streamName("orders"))
                    .get(30, TimeUnit.SECONDS)
                    .streamDescriptionSummary()
                    .streamARN();
            String consumer = client.registerStreamConsumer(
                            request -> request.streamARN(stream).consumerName("billing"))
                    .get(30, TimeUnit.SECONDS)
                    .consumer()
                    .consumerARN();
            put(client, "first");
            CompletableFuture<Void> subscription = client.subscribeToShard(
                    request -> request.consumerARN(consumer)
                            .shardId("shardId-000000000000")
                            .startingPosition(from -> from.type(ShardIteratorType.TRIM_HORIZON)),
                    SubscribeToShardResponseHandler.builder()
                            .subscriber(event -> ((SubscribeToShardEvent) event)
                                    .records()
                                    .forEach(record -> pushed.add(record.data().asUtf8String())))
                            .build());
            await().atMost(Duration.ofSeconds(60)).until(() -> pushed.equals(List.of("first")));
            put(client, "second");
            await().atMost(Duration.ofSeconds(60)).until(() -> pushed.equals(List.of("first", "second")));
            assertThat(subscription).isNotDone();
        }
    }

    private static void put(KinesisAsyncClient client, String text) throws Exception {
        client.putRecord(request ->
                        request.streamName("orders").partitionKey("k").data(SdkBytes.fromUtf8String(text)))
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void the_sdks_async_client_is_served_with_its_default_settings_over_tls_and_its_signature_is_verified()
            throws Exception {
        Path store = keyStore();
        NettyNioAsyncHttpClient.Builder trusting = trusting(store);
        try (ConfigurableApplicationContext application = runSecured(store);
                KinesisAsyncClient client = client(application, "https", "right")
                        .httpClientBuilder(trusting)
                        .build();
                KinesisAsyncClient stranger = client(application, "https", "wrong")
                        .httpClientBuilder(trusting)
                        .build()) {
            assertThat(streams(client)).containsExactly("orders");
            assertThatThrownBy(() -> streams(stranger))
                    .hasCauseInstanceOf(KinesisException.class)
                    .hasMessageContaining("The request signature we calculated does not match");
        }
    }

    @Test
    void an_application_that_strangers_could_speak_to_unsigned_does_not_start() {
        for (String address : List.of("server.address=", "server.address=0.0.0.0")) {
            assertThatThrownBy(() -> run(address).close())
                    .rootCause()
                    .isInstanceOf(ShardmillConfigurationException.class)
                    .hasMessageStartingWith("server.address: ")
                    .hasMessageContainingAll(
                            "shardmill.aws-endpoint.access-key-id",
                            "shardmill.aws-endpoint.secret-access-key",
                            "shardmill.aws-endpoint.allow-anyone");
        }
    }

    @Test
    void it_starts_if_anyone_may_or_the_endpoint_is_off() {
        run("shardmill.aws-endpoint.allow-anyone=true").close();
        try (ConfigurableApplicationContext application = run("shardmill.aws-endpoint.enabled=false")) {
            assertThat(application.getBeanNamesForType(AwsEndpoint.class)).isEmpty();
        }
    }

    @Test
    void half_of_credentials_are_an_error_that_names_the_other_half() {
        assertThatThrownBy(() -> run(ACCESS_KEY_ID).close())
                .rootCause()
                .hasMessageContaining("secret-access-key: must not be blank");
    }

    @Test
    void there_is_none_without_the_module_or_the_web() {
        AutoConfigurations endpoint = AutoConfigurations.of(ShardmillAwsEndpointAutoConfiguration.class);
        Apps.in(folder)
                .withConfiguration(endpoint)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("shardmillAwsEndpoint"));
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ContextFunctionCatalogAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        ShardmillAutoConfiguration.class))
                .withConfiguration(endpoint)
                .withPropertyValues("shardmill.data-dir=" + folder)
                .withClassLoader(new FilteredClassLoader("io.shardmill.aws"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("shardmillAwsEndpoint"));
    }

    private Path keyStore() throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "shardmill",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        return store;
    }

    private static TrustManagerFactory trust(Path store) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()));
            return trust;
        } catch (Exception unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
