package io.shardmill.destinations.aws;

import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * How AWS is reached. Immutable.
 *
 * @param credentials null for the SDK's default chain; not closed here
 * @param region where buckets are, whose ARNs name no region; asked when a mapping names a bucket
 * @param endpoints absolute {@code http} or {@code https} URIs in place of AWS's own, such as a local stand-in's;
 *     buckets are then addressed by path
 */
public record AwsSettings(
        @Nullable AwsCredentialsProvider credentials,
        AwsRegionProvider region,
        Map<DestinationService, URI> endpoints) {

    /** @throws IllegalArgumentException if an endpoint is no absolute http or https URI */
    public AwsSettings {
        endpoints = Map.copyOf(endpoints);
        endpoints.values().forEach(AwsSettings::requireHttp);
    }

    /** AWS itself, with the SDK's default chains for credentials and region. */
    public static AwsSettings defaults() {
        return new AwsSettings(null, new DefaultAwsRegionProviderChain(), Map.of());
    }

    public AwsSettings with(AwsCredentialsProvider credentials) {
        return new AwsSettings(credentials, region, endpoints);
    }

    public AwsSettings with(AwsRegionProvider region) {
        return new AwsSettings(credentials, region, endpoints);
    }

    public AwsSettings with(DestinationService service, URI endpoint) {
        Map<DestinationService, URI> changed = new EnumMap<>(DestinationService.class);
        changed.putAll(endpoints);
        changed.put(service, endpoint);
        return new AwsSettings(credentials, region, changed);
    }

    private static void requireHttp(URI endpoint) {
        boolean http = "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
        if (!http || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "endpoint: '" + endpoint + "' must be a URI such as http://localhost:4566");
        }
    }
}
