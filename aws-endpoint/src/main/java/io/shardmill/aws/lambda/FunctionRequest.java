package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.lambda.Program;
import io.shardmill.lambda.ReservedVariables;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionLabels;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code CreateFunction} and the updates say of a function, with Lambda's ranges and defaults.
 *
 * @param unsupported what becomes of settings that mean nothing here
 */
record FunctionRequest(Members request, UnsupportedSettings unsupported) {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionRequest.class);

    private static final int DEFAULT_TIMEOUT_SECONDS = 3;

    /**
     * Returns a new function's configuration. It runs in processes of its own.
     *
     * @throws AwsException if Lambda refuses it, or it can't be had here
     */
    FunctionConfiguration create(String name) {
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
        Map<String, String> variables = variables();
        if (variables == null) {
            return before;
        }
        List<String> reserved = ReservedVariables.in(variables.keySet());
        if (!reserved.isEmpty()) {
            throw LambdaErrors.invalid("Lambda was unable to configure your environment variables because the"
                    + " environment variables you have provided contains reserved keys that are currently not supported"
                    + " for modification. Reserved keys used in this request: " + String.join(", ", reserved));
        }
        Map<String, String> supported = new TreeMap<>(variables);
        supported.keySet().removeAll(Unsupported.VARIABLES);
        return supported;
    }

    /** Returns null if the request leaves them as they are. */
    private @Nullable Map<String, String> variables() {
        Members environment = request.get(FunctionMembers.ENVIRONMENT);
        return environment == null ? null : environment.get(FunctionMembers.VARIABLES, Map.of());
    }

    /** Returns a new function's labels. */
    FunctionLabels labels(String name) {
        return ignoring(name, labels(FunctionLabels.NONE))
                .withTags(LambdaTags.checked(request.get(FunctionMembers.TAGS, Map.of())));
    }

    /**
     * Returns a function's labels with the settings that are ignored from now on.
     *
     * @throws AwsException for a setting that is refused
     */
    FunctionLabels ignoring(String name, FunctionLabels before) {
        String resource = "function '" + name + "'";
        Map<String, String> ignored =
                new TreeMap<>(Unsupported.OF_FUNCTIONS.ignored(request, before.ignored(), unsupported, resource));
        Map<String, String> variables = variables();
        if (variables != null) {
            ignored.keySet().removeAll(Unsupported.VARIABLES);
            ignored.putAll(Unsupported.OF_VARIABLES.ignored(variables, unsupported, resource));
        }
        return before.withIgnored(ignored);
    }

    /** Returns a function's labels with what the request changes. */
    FunctionLabels labels(FunctionLabels before) {
        List<String> architectures = request.get(FunctionMembers.ARCHITECTURES, List.of(before.architecture()));
        return before.withRole(request.get(FunctionMembers.ROLE, before.role())).withArchitecture(architectures.get(0));
    }

    /** An executable of another machine's kind can't run. */
    static void requireRunnable(LambdaRuntime runtime, FunctionLabels labels) {
        if (runtime.family() == Family.PROVIDED && !labels.architecture().equals(FunctionLabels.thisMachine())) {
            throw LambdaErrors.invalid("Architectures " + labels.architecture() + " can't be run on this machine: build"
                    + " the bootstrap for " + FunctionLabels.thisMachine());
        }
    }

    /** Says in the log that a function asks for another machine's kind: its code runs but for native modules in it. */
    void warnOfOtherMachine(String function, FunctionLabels labels) {
        if (request.has(FunctionMembers.ARCHITECTURES) && !labels.architecture().equals(FunctionLabels.thisMachine())) {
            LOG.warn(
                    "Architectures: {} of function '{}'; this machine is {}; build native modules in its code for that",
                    labels.architecture(),
                    function,
                    FunctionLabels.thisMachine());
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
