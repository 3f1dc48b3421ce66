package io.shardmill.benchmarks;

import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * Where the readers find Kinesis, and the Kinesis Client Library its leases.
 *
 * @param isHttp2 whether Kinesis is spoken to over HTTP/2 where AWS's own is
 */
record Endpoints(URI kinesis, URI dynamoDb, boolean isHttp2) {

    static final Region REGION = Region.US_EAST_1;
    static final StaticCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("anybody", "anything"));

    static <B extends AwsClientBuilder<B, ?>> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint).region(REGION).credentialsProvider(ANYBODY);
    }

    List<String> words() {
        return List.of("" + kinesis, "" + dynamoDb, "" + isHttp2);
    }

    static Endpoints parse(List<String> words) {
        return new Endpoints(URI.create(words.get(0)), URI.create(words.get(1)), Boolean.parseBoolean(words.get(2)));
    }
}
