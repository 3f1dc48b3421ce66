package io.shardmill.kinesis;

import io.shardmill.runtime.DaemonThreads;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * A client for each place that streams are in, made when first asked for. Subscriptions have a client of their own: each holds a
 * stream of a connection for minutes, and requests would wait for one. The clients never try again: readers and
 * the writer do, who know what it is for. Thread-safe.
 */
final class KinesisClients implements AutoCloseable {

    private static final Duration CONNECTION = Duration.ofSeconds(2);
    /** For the whole of an answer: a page has up to 10 MB. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Requests that are under way at once, and those that wait for their turn: thousands of shards have one each. */
    private static final int CONNECTIONS = 100;

    private static final int WAITING = 100_000;
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Duration TURN = Duration.ofSeconds(10);
    private static final int SUBSCRIPTIONS = 100_000;

    private final SdkEventLoopGroup threads = SdkEventLoopGroup.builder()
            .threadFactory(DaemonThreads.numbered("shardmill-kinesis-"))
            .build();

    /** Renews credentials on a thread of its own, before they expire: who makes a request must not wait for them. */
    private final DefaultCredentialsProvider standard = DefaultCredentialsProvider.builder()
            .asyncCredentialUpdateEnabled(true)
            .build();

    private final AwsRegionProvider regions;
    private final Map<KinesisLocation, KinesisAsyncClient> requests = new ConcurrentHashMap<>();
    private final Map<KinesisLocation, KinesisAsyncClient> subscriptions = new ConcurrentHashMap<>();

    KinesisClients() {
        this(DefaultAwsRegionProviderChain.builder().build());
    }

    /** @param regions for what is in no region of its own */
    KinesisClients(AwsRegionProvider regions) {
        this.regions = regions;
    }

    /** @throws IllegalArgumentException if there is no region */
    KinesisAsyncClient requests(KinesisLocation location) {
        return requests.computeIfAbsent(
                location,
                missing -> client(
                        missing,
                        NettyNioAsyncHttpClient.builder()
                                .protocol(Protocol.HTTP1_1)
                                .maxConcurrency(CONNECTIONS)
                                .maxPendingConnectionAcquires(WAITING)
                                .connectionAcquisitionTimeout(TURN),
                        ANSWER));
    }

    KinesisAsyncClient subscriptions(KinesisLocation location) {
        return subscriptions.computeIfAbsent(
                location,
                missing -> client(
                        missing,
                        NettyNioAsyncHttpClient.builder()
                                .protocol(missing.isHttp2() ? Protocol.HTTP2 : Protocol.HTTP1_1)
                                .maxConcurrency(SUBSCRIPTIONS)
                                .maxPendingConnectionAcquires(SUBSCRIPTIONS),
                        null));
    }

    private Region standardRegion() {
        try {
            return regions.getRegion();
        } catch (SdkClientException none) {
            throw new IllegalArgumentException(
                    "Kinesis needs a region; set the stream's region, shardmill.aws.region or AWS_REGION", none);
        }
    }

    private KinesisAsyncClient client(
            KinesisLocation location, NettyNioAsyncHttpClient.Builder http, @Nullable Duration timeout) {
        AwsCredentialsProvider credentials = location.credentials() == null ? standard : location.credentials();
        return KinesisAsyncClient.builder()
                .credentialsProvider(() -> credentials.resolveCredentials()) // a client closes what it is given
                .region(location.region() == null ? standardRegion() : location.region())
                .applyMutation(builder -> {
                    if (location.endpoint() != null) {
                        builder.endpointOverride(location.endpoint());
                    }
                })
                .httpClientBuilder(http.connectionTimeout(CONNECTION).eventLoopGroup(threads))
                .overrideConfiguration(calls -> {
                    calls.retryStrategy(AwsRetryStrategy.doNotRetry());
                    if (timeout != null) {
                        calls.apiCallTimeout(timeout);
                    }
                })
                .build();
    }

    @Override
    public void close() {
        Stream.of(requests, subscriptions)
                .flatMap(clients -> clients.values().stream())
                .forEach(KinesisAsyncClient::close);
        standard.close();
        var unused = threads.eventLoopGroup().shutdownGracefully(0, STOP.toMillis(), TimeUnit.MILLISECONDS);
    }
}
