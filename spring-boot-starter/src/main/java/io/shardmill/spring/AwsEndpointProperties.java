package io.shardmill.spring;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * AWS's interfaces on the application's HTTP port, under {@code shardmill.aws-endpoint}.
 *
 * @param enabled Whether the application speaks Kinesis's and Lambda's HTTP interfaces. Needs the module shardmill-aws-endpoint.
 * @param accessKeyId The access key clients have to sign their requests with. Unsigned requests are served by default.
 * @param secretAccessKey The secret of "access-key-id".
 * @param allowAnyone Whether whoever reaches the port may, unsigned, put records and run code. Without it, an application without "access-key-id" has to listen on loopback only.
 * @param allowedHosts Names that unsigned requests may have in their Host header, beside those of loopback and "server.address".
 * @param guardApplication Whether other sites' pages, and requests whose Host header names another machine, are kept from the whole application as they are from AWS's interfaces.
 * @param bodyTimeout How long a request's body may take to arrive.
 * @param bodyMemory Most bytes of all requests' bodies in memory at once, half of them for the first 32KB of each. A quarter of the heap by default, at most 256MB.
 * @param ownsRoot Whether all requests to "/" are for Kinesis. By default only those of AWS's clients are, and the application's page there is its own.
 * @param throughputLimits Whether shards have Kinesis's limits: 1000 records and 1MB a second written, 5 reads and 2MB a second read.
 * @param ignoreUnsupportedSettings Whether settings that mean nothing here, such as X-Ray's or encryption, are taken, logged and have no effect, so that templates for AWS can be used. By default they are refused.
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
