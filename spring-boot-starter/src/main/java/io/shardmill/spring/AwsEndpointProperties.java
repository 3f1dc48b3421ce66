package io.shardmill.spring;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * AWS's interfaces on the application's HTTP port, under {@code shardmill.aws-endpoint}.
 *
 * @param enabled Whether the application serves the HTTP interfaces of Kinesis and Lambda. Requires the module shardmill-aws-endpoint.
 * @param accessKeyId Access key with which clients sign their requests. Unsigned requests are served by default. Requires secret-access-key.
 * @param secretAccessKey Secret of access-key-id. None by default.
 * @param allowAnyone Whether unsigned requests from beyond loopback are served. They may put records and run code. Without it, and without access-key-id, the application must listen on loopback only.
 * @param allowedHosts Names that unsigned requests may have in their Host header, beside those of loopback and "server.address". None by default.
 * @param guardApplication Whether requests from pages of other sites, and requests whose Host header names another machine, are refused for the whole application and not only for AWS's interfaces. True in the server.
 * @param bodyTimeout Maximum time for the body of a request to arrive.
 * @param bodyMemory Maximum memory for the bodies of all requests together, half of it for the first 32KB of each. A quarter of the heap by default, at most 256MB.
 * @param ownsRoot Whether all requests to "/" are for Kinesis. Otherwise only those of AWS's clients are, and the application serves "/" to others. True in the server.
 * @param throughputLimits Whether shards have the limits of Kinesis: 1000 records and 1MB a second written, 5 reads and 2MB a second read.
 * @param ignoreUnsupportedSettings Whether settings that have no meaning here, such as those of X-Ray and encryption, are accepted, logged and described, without an effect. Otherwise requests with them are refused.
 */
public record AwsEndpointProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey,
        @DefaultValue("false") boolean allowAnyone,
        @DefaultValue Set<String> allowedHosts,
        @DefaultValue("false") boolean guardApplication,
        @DefaultValue("30s") Duration bodyTimeout,
        @Nullable DataSize bodyMemory,
        @DefaultValue("false") boolean ownsRoot,
        @DefaultValue("false") boolean throughputLimits,
        @DefaultValue("false") boolean ignoreUnsupportedSettings) {

    /** Secrets stay out of logs. */
    @Override
    public String toString() {
        return "AwsEndpointProperties[accessKeyId=" + accessKeyId + "]";
    }
}
