package io.shardmill.aws.lambda;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of requests that would change what a function does, and can't be had here: they are refused unless their value
 * is what holds here anyway. What the API doesn't know is left out, as AWS does.
 */
final class UnsupportedMembers {

    private static final Map<String, String> WHY = new LinkedHashMap<>();

    /** Values that say what holds here anyway, beside nothing at all. */
    private static final Map<String, Object> HARMLESS = Map.of(
            "PackageType", "Zip",
            "TracingConfig", Map.of("Mode", "PassThrough"),
            "EphemeralStorage", Map.of("Size", 512),
            "SnapStart", Map.of("ApplyOn", "None"),
            "LoggingConfig", Map.of("LogFormat", "Text"));

    static {
        WHY.put("PackageType", "only PackageType Zip can be run: give Code.ZipFile");
        WHY.put("ImageConfig", "images can't be run: give Code.ZipFile");
        WHY.put("Layers", "there are no layers: put their files into the function's zip");
        WHY.put("VpcConfig", "functions use this machine's network: leave VpcConfig out");
        WHY.put("FileSystemConfigs", "functions use this machine's files: leave FileSystemConfigs out");
        WHY.put("DeadLetterConfig", "there are no dead-letter queues: leave DeadLetterConfig out");
        WHY.put("TracingConfig", "there is no X-Ray: leave TracingConfig out, or set its Mode to PassThrough");
        WHY.put("KMSKeyArn", "variables are not encrypted: leave KMSKeyArn out");
        WHY.put("EphemeralStorage", "the size of /tmp is this machine's: leave EphemeralStorage out");
        WHY.put("SnapStart", "there are no snapshots: leave SnapStart out");
        WHY.put("LoggingConfig", "logs are this application's: leave LoggingConfig out");
        WHY.put("CodeSigningConfigArn", "signatures of code are not checked: leave CodeSigningConfigArn out");
        WHY.put("CapacityProviderConfig", "there are no capacity providers: leave CapacityProviderConfig out");
        WHY.put("DurableConfig", "there are no durable functions: leave DurableConfig out");
        WHY.put("TenancyConfig", "there are no tenants: leave TenancyConfig out");
        WHY.put("RoutingConfig", "an alias points at one version: leave RoutingConfig out");
        WHY.put("S3Bucket", "code is taken from the request only: give it as ZipFile");
        WHY.put("ImageUri", "images can't be run: give the code as ZipFile");
        WHY.put("SourceKMSKeyArn", "code is not encrypted: leave SourceKMSKeyArn out");
    }

    private UnsupportedMembers() {}

    /** @throws LambdaRefusal if there is one */
    static void refuse(Members members) {
        WHY.forEach((name, why) -> {
            Object value = members.values().get(name);
            if (!isNothing(value) && !saysNoMore(value, HARMLESS.get(name))) {
                throw LambdaRefusal.invalid(name + " is not supported: " + why);
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

    /** Of an object each member counts. */
    private static boolean saysNoMore(@Nullable Object value, @Nullable Object harmless) {
        if (value instanceof Map<?, ?> members && harmless instanceof Map<?, ?> allowed) {
            return members.entrySet().stream()
                    .allMatch(member -> isNothing(member.getValue())
                            || saysNoMore(member.getValue(), allowed.get(member.getKey())));
        }
        return harmless != null && harmless.equals(value);
    }
}
