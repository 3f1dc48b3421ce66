package io.shardmill.lambda.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The whole environment of a function's process (Lambda guide, "Defined runtime environment variables"). Nothing of this
 * server's own environment is in it.
 */
final class EnvironmentVariables {

    /** What begins with an underscore is the platform's, but for these. */
    private static final Set<String> UNDERSCORED =
            Set.of("_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT", "_LAMBDA_TELEMETRY_LOG_FD");

    private static final String MAX_CONCURRENCY = "AWS_LAMBDA_MAX_CONCURRENCY";

    private EnvironmentVariables() {}

    /** What belongs to one process only. */
    record Place(String runtimeApi, String logStream, Path temporary, Path runtimeFolder, Path javaHome) {}

    /** {@code C.UTF-8}, not Lambda's {@code en_US.UTF-8}, which many systems lack: then Java 17 would fall back to ASCII. */
    private static final String LANG = "C.UTF-8";

    /** What comes later wins: defaults that the function may override, its own variables, reserved ones. */
    static Map<String, String> of(ProcessFunctionSettings settings, Place place) {
        Map<String, String> all = new HashMap<>(defaults(settings, place));
        settings.variables().forEach((name, value) -> {
            if (!name.equals(MAX_CONCURRENCY) && (!name.startsWith("_") || UNDERSCORED.contains(name))) {
                all.put(name, value);
            }
        });
        all.putAll(reserved(settings, place));
        return all;
    }

    private static Map<String, String> defaults(ProcessFunctionSettings settings, Place place) {
        Path root = settings.code().folder();
        return Map.of(
                "LANG",
                LANG,
                "PATH",
                place.javaHome().resolve("bin") + ":/usr/local/bin:/usr/bin:/bin:/opt/bin",
                "LD_LIBRARY_PATH",
                root + ":" + root.resolve("lib") + ":/opt/lib",
                "TMPDIR",
                place.temporary().toString(),
                "AWS_XRAY_CONTEXT_MISSING",
                "LOG_ERROR",
                "AWS_XRAY_DAEMON_ADDRESS",
                "127.0.0.1:2000",
                "_AWS_XRAY_DAEMON_ADDRESS",
                "127.0.0.1",
                "_AWS_XRAY_DAEMON_PORT",
                "2000");
    }

    private static Map<String, String> reserved(ProcessFunctionSettings settings, Place place) {
        ProcessFunctionSettings.Identity identity = settings.identity();
        Map<String, String> reserved = new HashMap<>();
        reserved.put("_HANDLER", settings.code().handler());
        reserved.put("AWS_REGION", identity.region());
        reserved.put("AWS_DEFAULT_REGION", identity.region());
        reserved.put("AWS_LAMBDA_FUNCTION_NAME", identity.name());
        reserved.put("AWS_LAMBDA_FUNCTION_VERSION", identity.version());
        reserved.put(
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                Integer.toString(settings.limits().memoryMegabytes()));
        reserved.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        reserved.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + identity.name());
        reserved.put("AWS_LAMBDA_LOG_STREAM_NAME", place.logStream());
        reserved.put("AWS_LAMBDA_RUNTIME_API", place.runtimeApi());
        reserved.put("LAMBDA_TASK_ROOT", settings.code().folder().toString());
        reserved.put("LAMBDA_RUNTIME_DIR", place.runtimeFolder().toString());
        reserved.put("TZ", ":UTC");
        if (settings.environments().concurrency() > 1) {
            reserved.put(
                    MAX_CONCURRENCY, Integer.toString(settings.environments().concurrency()));
        }
        if (!settings.code().isProvided()) {
            reserved.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + settings.code().runtime());
        }
        return reserved;
    }
}
