package io.shardmill.aws.lambda;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.deploy.FunctionAlias;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionDetails;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Functions as Lambda's API writes them ({@code FunctionConfiguration}, {@code AliasConfiguration}). */
final class FunctionJson {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private final FunctionNames names;

    FunctionJson(FunctionNames names) {
        this.names = names;
    }

    /** @param qualifier as the caller gave it, or null: the ARN has the same */
    Map<String, Object> of(FunctionDescription function, @Nullable String qualifier) {
        FunctionConfiguration configuration = function.configuration();
        FunctionDetails details = function.details();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("FunctionName", configuration.name());
        json.put("FunctionArn", names.arn(configuration.name(), qualifier));
        json.put("Runtime", configuration.program().runtime().toString());
        json.put("Role", details.labels().role());
        json.put("Handler", configuration.program().handler());
        json.put("CodeSize", details.code().bytes());
        json.put("CodeSha256", details.code().sha256());
        json.put("Description", configuration.description());
        json.put("Timeout", seconds(configuration));
        json.put("MemorySize", configuration.memoryMegabytes());
        json.put("LastModified", time(details.lastModified()));
        json.put("Version", details.version());
        Map<String, String> variables = variables(function);
        if (!variables.isEmpty()) {
            json.put("Environment", Map.of("Variables", variables));
        }
        json.put("TracingConfig", Map.of("Mode", "PassThrough"));
        json.put("RevisionId", details.revisionId());
        putState(json, function);
        json.put("PackageType", "Zip");
        json.put("Architectures", List.of(details.labels().architecture()));
        json.put("EphemeralStorage", Map.of("Size", 512));
        json.put("SnapStart", Map.of("ApplyOn", "None", "OptimizationStatus", "Off"));
        json.put("LoggingConfig", Map.of("LogFormat", "Text", "LogGroup", "/aws/lambda/" + configuration.name()));
        details.labels().ignored().forEach((name, value) -> {
            if (!Unsupported.VARIABLES.contains(name)) {
                json.put(name, JsonMapper.shared().readTree(value));
            }
        });
        return json;
    }

    /** Returns its own, and those that are ignored. */
    private static Map<String, String> variables(FunctionDescription function) {
        Map<String, String> variables =
                new TreeMap<>(function.configuration().program().environment());
        function.details().labels().ignored().forEach((name, value) -> {
            if (Unsupported.VARIABLES.contains(name)) {
                variables.put(name, JsonMapper.shared().readTree(value).stringValue());
            }
        });
        return variables;
    }

    /** One that can't run at all is failed; one that runs what it had before has failed to be updated. */
    private static void putState(Map<String, Object> json, FunctionDescription function) {
        json.put("State", function.active() ? "Active" : "Failed");
        json.put("LastUpdateStatus", function.failure() == null ? "Successful" : "Failed");
        if (function.failure() != null) {
            if (!function.active()) {
                json.put("StateReason", function.failure());
                json.put("StateReasonCode", "FunctionError");
            }
            json.put("LastUpdateStatusReason", function.failure());
            json.put("LastUpdateStatusReasonCode", "FunctionError");
        }
    }

    /** Returns the timeout in whole seconds, as Lambda's are, rounded up. */
    private static long seconds(FunctionConfiguration configuration) {
        return configuration.settings().timeout().plusMillis(999).toSeconds();
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }

    Map<String, Object> of(String function, FunctionAlias alias) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("AliasArn", names.arn(function, alias.name()));
        json.put("Name", alias.name());
        json.put("FunctionVersion", alias.version());
        json.put("Description", alias.description());
        json.put("RevisionId", alias.revisionId());
        return json;
    }
}
