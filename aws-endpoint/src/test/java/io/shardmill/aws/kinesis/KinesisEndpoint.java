package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.EndpointServer;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.embedded.EmbeddedStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Embedded streams on a clock of the test's, spoken to over loopback. */
final class KinesisEndpoint implements AutoCloseable {

    static final String SHARD_0 = "shardId-000000000000";
    static final String JSON = "application/x-amz-json-1.1";
    static final String CBOR = "application/x-amz-cbor-1.1";

    final SettableClock clock = new SettableClock();
    final EmbeddedStreams streams = EmbeddedStreams.temporary(clock);
    private final RecordingService service;
    private final EndpointServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    KinesisEndpoint() {
        this(false);
    }

    KinesisEndpoint(boolean throughputLimits) {
        this(throughputLimits, UnsupportedSettings.REFUSED);
    }

    KinesisEndpoint(boolean throughputLimits, UnsupportedSettings unsupported) {
        service = new RecordingService(
                new KinesisService(streams, new KinesisSettings(clock, throughputLimits, false, unsupported)));
        server = new EndpointServer(new AwsEndpoint(List.of(service)));
    }

    URI uri() {
        return server.uri();
    }

    /** What the requests so far were written in. */
    Set<String> contentTypes() {
        return service.contentTypes();
    }

    /** Blocking, over HTTP/1.1. */
    KinesisClient client() {
        return configured(KinesisClient.builder()).build();
    }

    /** The same, which tries again so often only. */
    KinesisClient client(int retries) {
        return configured(KinesisClient.builder())
                .overrideConfiguration(
                        client -> client.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(retries + 1)
                                .build()))
                .build();
    }

    /** With the SDK's own defaults: HTTP/2. */
    KinesisAsyncClient asyncClient() {
        return configured(KinesisAsyncClient.builder()).build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
        return builder.endpointOverride(uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    }

    /** A request as no SDK would send it. */
    HttpResponse<String> post(String action, String contentType, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/"))
                .header("Content-Type", contentType)
                .header("X-Amz-Target", "Kinesis_20131202." + action)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> post(String action, String json) {
        return post(action, JSON, json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.close();
        streams.close();
    }
}
