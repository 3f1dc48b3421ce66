package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.lambda.Program;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The whole environment of a function's process (Lambda guide, "Defined runtime environment variables"). Nothing of this
 * server's own environment is in it.
 */
final class EnvironmentVariables {

    private EnvironmentVariables() {}

    /**
     * The values of one process.
     *
     * @param programs the folder of the language's own
     */
    record Place(String runtimeApi, String logStream, Path temporary, Path runtimeFolder, Path programs) {}

    /** {@code C.UTF-8}, not Lambda's {@code en_US.UTF-8}, which many systems lack: then Java 17 would fall back to ASCII. */
    private static final String LANG = "C.UTF-8";

    /** Returns defaults that the function may override, its own variables, and reserved ones; later ones win. */
    static Map<String, String> of(FunctionRevision revision, Place place) {
        Map<String, String> all = new HashMap<>(defaults(revision, place));
        all.putAll(revision.program().environment());
        all.putAll(reserved(revision, place));
        return all;
    }

    /** Region and credentials are a role's on Lambda, and win there; here a configuration is their only source. */
    private static Map<String, String> defaults(FunctionRevision revision, Place place) {
        Path root = revision.code();
        Path opt = opt(revision);
        String region = revision.scope().region();
        Map<String, String> defaults = new HashMap<>();
        defaults.put("LANG", LANG);
        defaults.put("TZ", ":UTC");
        defaults.put("PATH", place.programs() + ":/usr/local/bin:/usr/bin:/bin:" + opt.resolve("bin"));
        defaults.put("LD_LIBRARY_PATH", root + ":" + root.resolve("lib") + ":" + opt.resolve("lib"));
        defaults.put("TMPDIR", place.temporary().toString());
        defaults.put("AWS_REGION", region);
        defaults.put("AWS_DEFAULT_REGION", region);
        defaults.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        defaults.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");
        defaults.put("_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1");
        defaults.put("_AWS_XRAY_DAEMON_PORT", "2000");
        if (revision.program().runtime().family() == Family.NODEJS) {
            Path nodejs = opt.resolve("nodejs");
            String version = revision.program().runtime().languageVersion();
            defaults.put(
                    "NODE_PATH",
                    nodejs.resolve("node" + version + "/node_modules") + ":" + nodejs.resolve("node_modules") + ":"
                            + root);
        }
        return defaults;
    }

    /** Returns the folder that the layers are in, as far as there are any. */
    private static Path opt(FunctionRevision revision) {
        return revision.layers() == null ? Path.of("/opt") : revision.layers();
    }

    private static Map<String, String> reserved(FunctionRevision revision, Place place) {
        FunctionConfiguration configuration = revision.configuration();
        Program program = configuration.program();
        Map<String, String> reserved = new HashMap<>();
        reserved.put("_HANDLER", program.handler());
        reserved.put("AWS_LAMBDA_FUNCTION_NAME", revision.name());
        reserved.put("AWS_LAMBDA_FUNCTION_VERSION", revision.version());
        reserved.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(configuration.memoryMegabytes()));
        reserved.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        reserved.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + revision.name());
        reserved.put("AWS_LAMBDA_LOG_STREAM_NAME", place.logStream());
        reserved.put("AWS_LAMBDA_RUNTIME_API", place.runtimeApi());
        reserved.put("LAMBDA_TASK_ROOT", revision.code().toString());
        reserved.put("LAMBDA_RUNTIME_DIR", place.runtimeFolder().toString());
        if (revision.layers() != null) {
            reserved.put("SHARDMILL_LAYERS_ROOT", revision.layers().toString());
        }
        if (program.runtime().family() != Family.PROVIDED) {
            reserved.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + program.runtime());
        }
        return reserved;
    }
}
