package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.shardmill.destinations.aws.AwsDestinations;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.BuiltInDestinations;
import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.spring.test.RecordingDestination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

/** An application whose mapping names a destination on AWS. */
class AwsDestinationsTest {

    private static final String BUCKET = "shardmill.mappings.delays.on-failure=arn:aws:s3:::discarded";

    @TempDir
    private Path folder;

    private HttpServer server;

    /** What came in: how it was signed, by method and path. */
    private final Map<String, String> requests = new ConcurrentHashMap<>();

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            requests.put(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private ApplicationContextRunner app() {
        return Apps.in(folder)
                .withConfiguration(AutoConfigurations.of(ShardmillAwsDestinationsAutoConfiguration.class))
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "shardmill.mappings.delays.stream=flights",
                        "shardmill.mappings.delays.maximum-retry-attempts=0",
                        "shardmill.streams.flights.shards=1");
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Consumer<List<Record>> delays() {
            return batch -> {
                throw new IllegalStateException("fails");
            };
        }

        @Bean
        AwsCredentialsProvider credentials() {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shardmill.aws.endpoint", "shardmill.aws.s3.endpoint"})
    void a_discarded_batch_reaches_the_configured_endpoint_with_the_applications_credentials(String property) {
        app().withPropertyValues(BUCKET, property + "=" + endpoint(), "shardmill.aws.region=ap-south-1")
                .run(context -> {
                    context.getBean(StreamWriter.class).put("flights", PutEntry.of("JFK", "late"));
                    await().atMost(Duration.ofMinutes(1)).until(() -> !requests.isEmpty());
                });
        assertThat(requests).hasSize(1);
        requests.forEach((request, authorization) -> {
            assertThat(request).startsWith("PUT /discarded/aws/lambda/");
            assertThat(authorization).contains("Credential=AKID/").contains("/ap-south-1/s3/");
        });
    }

    @Test
    void an_application_without_destinations_on_aws_needs_neither_region_nor_credentials() {
        AwsRegionProvider none = () -> {
            throw SdkClientException.create("Unable to load region");
        };
        app().withBean(AwsRegionProvider.class, () -> none)
                .withPropertyValues("shardmill.mappings.delays.on-failure=log")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(AwsDestinations.class));
    }

    @Test
    void the_built_in_destinations_are_there_beside_those_on_aws() {
        app().run(context -> assertThat(
                        context.getBeansOfType(DestinationCatalog.class).values())
                .hasOnlyElementsOfTypes(BuiltInDestinations.class, AwsDestinations.class)
                .hasSize(2));
    }

    @Test
    void a_tests_recording_destination_stands_in_for_those_on_aws() {
        app().withBean(RecordingDestination.class)
                .withPropertyValues(BUCKET, "shardmill.aws.endpoint=" + endpoint())
                .run(context -> {
                    context.getBean(StreamWriter.class).put("flights", PutEntry.of("JFK", "late"));
                    assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofMinutes(1)))
                            .isTrue();
                    assertThat(context.getBean(RecordingDestination.class).batches())
                            .hasSize(1);
                });
        assertThat(requests).isEmpty();
    }

    @Test
    void without_the_module_an_arn_is_an_error_that_names_it() {
        app().withClassLoader(new FilteredClassLoader(AwsDestinations.class))
                .withPropertyValues(BUCKET)
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains(
                                "shardmill.mappings.delays.on-failure: 'arn:aws:s3:::discarded' is no destination here",
                                "needs shardmill-aws-destinations"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "shardmill.mappings.delays.on-failure=arn:aws:sqs:eu-west-1:queue | shardmill.mappings.delays.on-failure: 'arn:aws:sqs:eu-west-1:queue' can't be used: an ARN here must have the form",
                "shardmill.mappings.delays.on-failure=arn:aws:sqs:eu-west-1:123456789012:queue.fifo | FIFO queues and topics take no discarded batches",
                "shardmill.mappings.delays.on-failure=arn:aws:s3:::discarded | 'arn:aws:s3:::discarded' can't be used: the ARN of a bucket names no region, and none is configured: set shardmill.aws.region",
                "shardmill.aws.endpoint=localhost:4566 | shardmill.aws.endpoint: 'localhost:4566' must be a URI such as http://localhost:4566",
                "shardmill.aws.sns.endpoint=localhost:4566 | shardmill.aws.sns.endpoint: 'localhost:4566' must be a URI such as http://localhost:4566",
            })
    void what_can_be_known_at_start_is_an_error_at_start(String property, String message) {
        AwsRegionProvider none = () -> {
            throw SdkClientException.create("Unable to load region");
        };
        app().withBean(AwsRegionProvider.class, () -> none)
                .withPropertyValues(property)
                .run(context ->
                        assertThat(messages(context.getStartupFailure())).contains(message));
    }

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
