package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.UnsupportedMembers.Row.ignorable;
import static io.shardmill.aws.protocol.UnsupportedMembers.Row.refused;

import io.shardmill.aws.protocol.UnsupportedMembers;
import java.util.Map;
import java.util.Set;

/** The members of Lambda's requests that would change what a function or a mapping does, and can't be had here. */
final class Unsupported {

    static final UnsupportedMembers OF_FUNCTIONS = new UnsupportedMembers(
            LambdaErrors::invalid,
            refused("PackageType", "only PackageType Zip can be run", "give Code.ZipFile")
                    .unless("Zip"),
            refused("ImageConfig", "images can't be run", "give Code.ZipFile"),
            refused(
                    "Layers",
                    "only functions of the configuration have layers",
                    "put their files into the function's zip"),
            refused("VpcConfig", "functions use this machine's network", "leave VpcConfig out"),
            refused("FileSystemConfigs", "functions use this machine's files", "leave FileSystemConfigs out"),
            refused("DeadLetterConfig", "there are no dead-letter queues", "leave DeadLetterConfig out"),
            ignorable("TracingConfig", "there is no X-Ray", "leave TracingConfig out, or set its Mode to PassThrough")
                    .unless(Map.of("Mode", "PassThrough")),
            ignorable("KMSKeyArn", "variables are not encrypted", "leave KMSKeyArn out"),
            ignorable("EphemeralStorage", "the size of /tmp is this machine's", "leave EphemeralStorage out")
                    .unless(Map.of("Size", 512)),
            refused("SnapStart", "there are no snapshots", "leave SnapStart out")
                    .unless(Map.of("ApplyOn", "None")),
            ignorable("LoggingConfig", "logs are this application's", "leave LoggingConfig out")
                    .unless(Map.of("LogFormat", "Text")),
            refused("CodeSigningConfigArn", "signatures of code are not checked", "leave CodeSigningConfigArn out"),
            refused("CapacityProviderConfig", "there are no capacity providers", "leave CapacityProviderConfig out"),
            refused("DurableConfig", "there are no durable functions", "leave DurableConfig out"),
            refused("TenancyConfig", "there are no tenants", "leave TenancyConfig out"));

    private static final String EXEC_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER";

    static final Set<String> VARIABLES = Set.of(EXEC_WRAPPER);

    /** Of {@code Environment.Variables}, a map. */
    static final UnsupportedMembers OF_VARIABLES = new UnsupportedMembers(
            LambdaErrors::invalid,
            ignorable(EXEC_WRAPPER, "no script runs before a runtime", "leave " + EXEC_WRAPPER + " out"));

    static final UnsupportedMembers OF_CODE = new UnsupportedMembers(
            LambdaErrors::invalid,
            refused("S3Bucket", "code is taken from the request only", "give it as ZipFile"),
            refused("ImageUri", "images can't be run", "give the code as ZipFile"),
            refused("SourceKMSKeyArn", "code is not encrypted", "leave SourceKMSKeyArn out"));

    static final UnsupportedMembers OF_ALIASES = new UnsupportedMembers(
            LambdaErrors::invalid,
            refused("RoutingConfig", "an alias points at one version", "leave RoutingConfig out"));

    static final UnsupportedMembers OF_MAPPINGS = new UnsupportedMembers(
            LambdaErrors::invalid,
            ignorable("KMSKeyArn", "filters are not encrypted", "leave KMSKeyArn out"),
            ignorable("MetricsConfig", "metrics are this application's", "leave MetricsConfig out"),
            ignorable("LoggingConfig", "logs are this application's", "leave LoggingConfig out"),
            ignorable(
                    "ProvisionedPollerConfig",
                    "a stream's shards are its pollers",
                    "leave ProvisionedPollerConfig out"));

    private Unsupported() {}
}
