package io.shardmill.kinesis;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * Where Kinesis is, and as whom it is spoken to. Immutable.
 *
 * @param region null for the region of the stream's ARN, or else the one of the SDK's default chain
 * @param endpoint absolute {@code http} or {@code https} URI in place of AWS's own; null for AWS's own
 * @param credentials null for the SDK's default chain; not closed here
 * @param isHttp2 whether subscriptions are made over HTTP/2, as AWS requires; some stand-ins know HTTP/1.1 only
 */
public record KinesisLocation(
        @Nullable Region region,
        @Nullable URI endpoint,
        @Nullable AwsCredentialsProvider credentials,
        boolean isHttp2) {

    /** @throws IllegalArgumentException if the endpoint is no absolute http or https URI */
    public KinesisLocation {
        if (endpoint != null && !isHttp(endpoint)) {
            throw new IllegalArgumentException(
                    "endpoint: '" + endpoint + "' must be a URI such as http://localhost:4566");
        }
    }

    /** AWS itself, with the SDK's default chains for region and credentials. */
    public static KinesisLocation aws() {
        return new KinesisLocation(null, null, null, true);
    }

    private static boolean isHttp(URI uri) {
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        return http && uri.getHost() != null;
    }

    KinesisLocation in(Region region) {
        return new KinesisLocation(region, endpoint, credentials, isHttp2);
    }
}
