package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of requests that would change what a function or a mapping does, and can't be had here: they are refused unless
 * their value is what holds here anyway. What the API doesn't know is left out, as AWS does.
 */
final class UnsupportedMembers {

    /** Values that say what holds here anyway, beside nothing at all. */
    private static final Map<String, Object> HARMLESS = Map.of(
            "PackageType", "Zip",
            "TracingConfig", Map.of("Mode", "PassThrough"),
            "EphemeralStorage", Map.of("Size", 512),
            "SnapStart", Map.of("ApplyOn", "None"),
            "LoggingConfig", Map.of("LogFormat", "Text"));

    static final UnsupportedMembers OF_FUNCTIONS = new UnsupportedMembers(
            "PackageType: only PackageType Zip can be run: give Code.ZipFile",
            "ImageConfig: images can't be run: give Code.ZipFile",
            "Layers: there are no layers: put their files into the function's zip",
            "VpcConfig: functions use this machine's network: leave VpcConfig out",
            "FileSystemConfigs: functions use this machine's files: leave FileSystemConfigs out",
            "DeadLetterConfig: there are no dead-letter queues: leave DeadLetterConfig out",
            "TracingConfig: there is no X-Ray: leave TracingConfig out, or set its Mode to PassThrough",
            "KMSKeyArn: variables are not encrypted: leave KMSKeyArn out",
            "EphemeralStorage: the size of /tmp is this machine's: leave EphemeralStorage out",
            "SnapStart: there are no snapshots: leave SnapStart out",
            "LoggingConfig: logs are this application's: leave LoggingConfig out",
            "CodeSigningConfigArn: signatures of code are not checked: leave CodeSigningConfigArn out",
            "CapacityProviderConfig: there are no capacity providers: leave CapacityProviderConfig out",
            "DurableConfig: there are no durable functions: leave DurableConfig out",
            "TenancyConfig: there are no tenants: leave TenancyConfig out");

    static final UnsupportedMembers OF_CODE = new UnsupportedMembers(
            "S3Bucket: code is taken from the request only: give it as ZipFile",
            "ImageUri: images can't be run: give the code as ZipFile",
            "SourceKMSKeyArn: code is not encrypted: leave SourceKMSKeyArn out");

    static final UnsupportedMembers OF_ALIASES =
            new UnsupportedMembers("RoutingConfig: an alias points at one version: leave RoutingConfig out");

    static final UnsupportedMembers OF_MAPPINGS = new UnsupportedMembers(
            "KMSKeyArn: filters are not encrypted: leave KMSKeyArn out",
            "MetricsConfig: metrics are this application's: leave MetricsConfig out",
            "LoggingConfig: logs are this application's: leave LoggingConfig out",
            "ProvisionedPollerConfig: a stream's shards are its pollers: leave ProvisionedPollerConfig out");

    private final Map<Member<Object>, String> reasons = new LinkedHashMap<>();

    /** @param rows a member's name, and why it is not supported and what to do */
    private UnsupportedMembers(String... rows) {
        for (String row : rows) {
            int colon = row.indexOf(": ");
            reasons.put(Member.any(row.substring(0, colon)), row.substring(colon + 2));
        }
    }

    /** Returns the rows of an operation's table for them. */
    List<Member<?>> members() {
        return List.copyOf(reasons.keySet());
    }

    /** @throws io.shardmill.aws.protocol.AwsException if there is one */
    void refuse(Members request) {
        reasons.forEach((member, reason) -> {
            Object value = request.get(member);
            if (!isNothing(value) && !saysNoMore(value, HARMLESS.get(member.name()))) {
                throw LambdaErrors.invalid(member.name() + " is not supported: " + reason);
            }
        });
    }

    private static boolean isNothing(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.values().stream().allMatch(UnsupportedMembers::isNothing);
        }
        return value == null
                || Boolean.FALSE.equals(value)
                || (value instanceof String text && text.isEmpty())
                || (value instanceof Collection<?> list && list.isEmpty());
    }

    /** Returns whether each member of an object, or the value itself, is the harmless one. */
    private static boolean saysNoMore(@Nullable Object value, @Nullable Object harmless) {
        if (value instanceof Map<?, ?> members && harmless instanceof Map<?, ?> allowed) {
            return members.entrySet().stream()
                    .allMatch(member -> isNothing(member.getValue())
                            || saysNoMore(member.getValue(), allowed.get(member.getKey())));
        }
        return harmless != null && harmless.equals(value);
    }
}
