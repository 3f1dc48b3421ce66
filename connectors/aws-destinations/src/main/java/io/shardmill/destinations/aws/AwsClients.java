package io.shardmill.destinations.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A client for each service and region, made when first asked for. Thread-safe.
 *
 * <p>The engine interrupts a send after 10 s. It ends before that by itself, so that its error says why: an attempt that
 * gets no answer ends after {@link #ANSWER}, there are at most {@link #ATTEMPTS} of them, and whatever happens a send is over
 * {@link #SEND} after it began. An interrupt is noticed when the attempt ends.
 */
final class AwsClients implements SdkAutoCloseable {

    private static final Duration SEND = Duration.ofSeconds(8);
    private static final Duration CONNECTION = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofMillis(2_200);
    private static final int ATTEMPTS = 3;

    private final AwsSettings settings;
    private final Map<Region, SqsClient> sqs = new ConcurrentHashMap<>();
    private final Map<Region, SnsClient> sns = new ConcurrentHashMap<>();
    private final Map<Region, S3Client> s3 = new ConcurrentHashMap<>();

    AwsClients(AwsSettings settings) {
        this.settings = settings;
    }

    SqsClient sqs(Region region) {
        return sqs.computeIfAbsent(
                region,
                missing -> client(SqsClient.builder(), DestinationService.SQS, missing)
                        .build());
    }

    SnsClient sns(Region region) {
        return sns.computeIfAbsent(
                region,
                missing -> client(SnsClient.builder(), DestinationService.SNS, missing)
                        .build());
    }

    /**
     * A document is sent in one piece and at once: S3's stand-ins don't all understand chunks, and the JDK's HTTP client
     * loses the text of an error that answers {@code Expect: 100-continue}.
     */
    S3Client s3(Region region) {
        return s3.computeIfAbsent(
                region,
                missing -> client(S3Client.builder(), DestinationService.S3, missing)
                        .serviceConfiguration(service -> service.pathStyleAccessEnabled(
                                        settings.endpoints().containsKey(DestinationService.S3))
                                .chunkedEncodingEnabled(false)
                                .expectContinueEnabled(false))
                        .build());
    }

    /** Ends a call when the send it is part of has to be over. */
    static Consumer<AwsRequestOverrideConfiguration.Builder> ofSendBegunAt(long nanoTime) {
        long left = Math.max(1, SEND.toNanos() - (System.nanoTime() - nanoTime));
        return call -> call.apiCallTimeout(Duration.ofNanos(left));
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B client(
            B builder, DestinationService service, Region region) {
        URI endpoint = settings.endpoints().get(service);
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        AwsCredentialsProvider credentials = settings.credentials();
        if (credentials != null) {
            builder.credentialsProvider(() -> credentials.resolveCredentials()); // a client closes what it is given
        }
        return builder.region(region)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECTION)
                        .socketTimeout(ANSWER))
                .overrideConfiguration(calls -> calls.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .build()));
    }

    @Override
    public void close() {
        Stream.of(sqs, sns, s3).flatMap(clients -> clients.values().stream()).forEach(SdkAutoCloseable::close);
    }
}
