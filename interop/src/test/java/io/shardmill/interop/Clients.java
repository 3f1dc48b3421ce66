package io.shardmill.interop;

import java.net.URI;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** AWS's clients for a server that asks for no credentials: any will do. */
public final class Clients {

    public static final Region REGION = Region.US_EAST_1;
    static final StaticCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("anybody", "anything"));

    private Clients() {}

    static <B extends AwsClientBuilder<B, ?>> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint).region(REGION).credentialsProvider(ANYBODY);
    }

    public static KinesisClient kinesis(URI endpoint) {
        return kinesis(endpoint, UrlConnectionHttpClient.builder());
    }

    static KinesisClient kinesis(URI endpoint, Certificate certificate) {
        return kinesis(endpoint, UrlConnectionHttpClient.builder().tlsTrustManagersProvider(certificate::trust));
    }

    private static KinesisClient kinesis(URI endpoint, UrlConnectionHttpClient.Builder http) {
        return at(endpoint, KinesisClient.builder()).httpClientBuilder(http).build();
    }

    static KinesisAsyncClient kinesisAsync(
            URI endpoint, Function<KinesisAsyncClientBuilder, KinesisAsyncClient> building) {
        return building.apply(at(endpoint, KinesisAsyncClient.builder()));
    }
}
