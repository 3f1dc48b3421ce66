package io.shardmill.lambda;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The environment variables that Lambda reserves (Lambda guide, "Reserved environment variables"), and one of ours. */
public final class ReservedVariables {

    /** Those that every process gets from its host. */
    private static final Set<String> OF_THE_PLATFORM = Set.of(
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_MAX_CONCURRENCY",
            "AWS_LAMBDA_METADATA_API",
            "AWS_LAMBDA_METADATA_TOKEN",
            "AWS_LAMBDA_RUNTIME_API",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR",
            "SHARDMILL_LAYERS_ROOT");

    /** Those that Lambda takes from the function's role and region. A configuration may set them here, where no role has keys. */
    private static final Set<String> OF_THE_ROLE = Set.of(
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN");

    private ReservedVariables() {}

    static boolean isOfThePlatform(String name) {
        return OF_THE_PLATFORM.contains(name);
    }

    /** Returns the names that Lambda's API refuses, sorted. */
    public static List<String> in(Collection<String> names) {
        return names.stream()
                .filter(name -> OF_THE_PLATFORM.contains(name) || OF_THE_ROLE.contains(name))
                .sorted()
                .toList();
    }
}
