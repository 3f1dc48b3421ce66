package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import io.shardmill.lambda.ReservedVariables;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionLabels;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What {@code CreateFunction} and the updates say of a function, with Lambda's ranges and defaults. */
record FunctionRequest(Members request) {

    private static final int DEFAULT_TIMEOUT_SECONDS = 3;

    /**
     * Returns a new function's configuration. It runs in processes of its own.
     *
     * @throws AwsException if Lambda refuses it, or it can't be had here
     */
    FunctionConfiguration create(String name) {
        UnsupportedMembers.OF_FUNCTIONS.refuse(request);
        String runtime = request.get(FunctionMembers.RUNTIME);
        String handler = request.get(FunctionMembers.HANDLER);
        if (runtime == null || handler == null) {
            throw LambdaErrors.invalid(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        return new FunctionConfiguration(
                name,
                request.get(FunctionMembers.DESCRIPTION, ""),
                new Program(LambdaRuntime.of(runtime), handler, environment(Map.of())),
                request.get(FunctionMembers.MEMORY_SIZE, FunctionConfiguration.DEFAULT_MEMORY),
                new FunctionSettings(
                        Duration.ofSeconds(request.get(FunctionMembers.TIMEOUT, DEFAULT_TIMEOUT_SECONDS)),
                        FunctionSettings.UNLIMITED),
                Isolation.PROCESS);
    }

    /**
     * Returns a function's configuration with what the request changes.
     *
     * @throws AwsException if Lambda refuses it, or it can't be had here
     */
    FunctionConfiguration update(FunctionConfiguration before) {
        UnsupportedMembers.OF_FUNCTIONS.refuse(request);
        Program program = before.program();
        String runtime = request.get(FunctionMembers.RUNTIME);
        Integer timeout = request.get(FunctionMembers.TIMEOUT);
        return new FunctionConfiguration(
                before.name(),
                request.get(FunctionMembers.DESCRIPTION, before.description()),
                new Program(
                        runtime == null ? program.runtime() : LambdaRuntime.of(runtime),
                        request.get(FunctionMembers.HANDLER, program.handler()),
                        environment(program.environment())),
                request.get(FunctionMembers.MEMORY_SIZE, before.memoryMegabytes()),
                new FunctionSettings(
                        timeout == null ? before.settings().timeout() : Duration.ofSeconds(timeout),
                        before.settings().reservedConcurrency()),
                before.isolation());
    }

    private Map<String, String> environment(Map<String, String> before) {
        Members environment = request.get(FunctionMembers.ENVIRONMENT);
        if (environment == null) {
            return before;
        }
        Map<String, String> variables = environment.get(FunctionMembers.VARIABLES, Map.of());
        List<String> reserved = ReservedVariables.in(variables.keySet());
        if (!reserved.isEmpty()) {
            throw LambdaErrors.invalid("Lambda was unable to configure your environment variables because the"
                    + " environment variables you have provided contains reserved keys that are currently not supported"
                    + " for modification. Reserved keys used in this request: " + String.join(", ", reserved));
        }
        return variables;
    }

    /** Returns a new function's labels. */
    FunctionLabels labels() {
        return labels(FunctionLabels.NONE).withTags(FunctionTags.checked(request.get(FunctionMembers.TAGS, Map.of())));
    }

    /** Returns a function's labels with what the request changes. */
    FunctionLabels labels(FunctionLabels before) {
        List<String> architectures = request.get(FunctionMembers.ARCHITECTURES, List.of(before.architecture()));
        return before.withRole(request.get(FunctionMembers.ROLE, before.role())).withArchitecture(architectures.get(0));
    }

    /** An executable of another machine's kind can't run. */
    static void requireRunnable(LambdaRuntime runtime, FunctionLabels labels) {
        if (!runtime.isJava() && !labels.architecture().equals(FunctionLabels.thisMachine())) {
            throw LambdaErrors.invalid("Architectures " + labels.architecture() + " can't be run on this machine: build"
                    + " the bootstrap for " + FunctionLabels.thisMachine());
        }
    }

    /** @throws AwsException if the caller has seen another revision than there is */
    void requireRevision(FunctionDescription function) {
        requireRevision(request, function.details().revisionId());
    }

    static void requireRevision(Members request, String current) {
        String revision = request.get(FunctionMembers.REVISION_ID);
        if (revision != null && !revision.isEmpty() && !revision.equals(current)) {
            throw LambdaErrors.preconditionFailed(
                    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API"
                            + " to retrieve the latest Revision Id");
        }
    }
}
