package io.shardmill.aws.lambda;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionLabels;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What {@code CreateFunction} and the updates say of a function, with Lambda's ranges and defaults. */
record FunctionRequest(Members members) {

    private static final int DEFAULT_TIMEOUT_SECONDS = 3;
    private static final int MAX_TIMEOUT_SECONDS = 900;
    private static final int MAX_MEMORY = 10_240;
    private static final List<String> ARCHITECTURES = List.of("x86_64", "arm64");

    /**
     * A new function's configuration. It runs in processes of its own.
     *
     * @throws LambdaRefusal if Lambda refuses it, or it can't be had here
     */
    FunctionConfiguration create() {
        UnsupportedMembers.refuse(members);
        FunctionRef function = FunctionRef.of(members.required("FunctionName"), null);
        if (!members.has("Runtime") || !members.has("Handler")) {
            throw LambdaRefusal.invalid(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        return new FunctionConfiguration(
                function.name(),
                members.text("Description", ""),
                new Program(
                        LambdaRuntime.of(members.required("Runtime")),
                        members.required("Handler"),
                        members.of("Environment").of("Variables").texts()),
                memory(FunctionConfiguration.DEFAULT_MEMORY),
                new FunctionSettings(timeout(DEFAULT_TIMEOUT_SECONDS), FunctionSettings.UNLIMITED),
                Isolation.PROCESS);
    }

    /**
     * A function's configuration with what the request changes.
     *
     * @throws LambdaRefusal if Lambda refuses it, or it can't be had here
     */
    FunctionConfiguration update(FunctionConfiguration before) {
        UnsupportedMembers.refuse(members);
        Program program = before.program();
        Duration timeout = members.has("Timeout")
                ? timeout(DEFAULT_TIMEOUT_SECONDS)
                : before.settings().timeout();
        return new FunctionConfiguration(
                before.name(),
                members.text("Description", before.description()),
                new Program(
                        members.has("Runtime") ? LambdaRuntime.of(members.required("Runtime")) : program.runtime(),
                        members.text("Handler", program.handler()),
                        environment(program.environment())),
                memory(before.memoryMegabytes()),
                new FunctionSettings(timeout, before.settings().reservedConcurrency()),
                before.isolation());
    }

    private Map<String, String> environment(Map<String, String> before) {
        return members.has("Environment")
                ? members.of("Environment").of("Variables").texts()
                : before;
    }

    private int memory(int missing) {
        return members.number("MemorySize", missing, FunctionConfiguration.DEFAULT_MEMORY, MAX_MEMORY);
    }

    private Duration timeout(int missing) {
        return Duration.ofSeconds(members.number("Timeout", missing, 1, MAX_TIMEOUT_SECONDS));
    }

    /** A new function's. */
    FunctionLabels labels() {
        return labels(FunctionLabels.NONE)
                .withRole(members.required("Role"))
                .withTags(members.of("Tags").texts());
    }

    /** What the request changes of them. */
    FunctionLabels labels(FunctionLabels before) {
        List<?> architectures = members.list("Architectures");
        if (architectures.isEmpty()) {
            return before.withRole(members.text("Role", before.role()));
        }
        if (architectures.size() > 1 || !ARCHITECTURES.contains(String.valueOf(architectures.get(0)))) {
            throw LambdaRefusal.constraint("architectures", architectures, "be one of " + ARCHITECTURES);
        }
        return before.withRole(members.text("Role", before.role()))
                .withArchitecture(String.valueOf(architectures.get(0)));
    }

    /** An executable of another machine's kind can't run. */
    static void requireRunnable(LambdaRuntime runtime, FunctionLabels labels) {
        if (!runtime.isJava() && !labels.architecture().equals(FunctionLabels.thisMachine())) {
            throw LambdaRefusal.invalid("Architectures " + labels.architecture()
                    + " can't be run on this machine: build" + " the bootstrap for " + FunctionLabels.thisMachine());
        }
    }

    /** @throws LambdaRefusal if the caller has seen another revision than there is */
    void requireRevision(FunctionDescription function) {
        requireRevision(members, function.details().revisionId());
    }

    static void requireRevision(Members members, String current) {
        String revision = members.text("RevisionId");
        if (revision != null && !revision.isEmpty() && !revision.equals(current)) {
            throw LambdaRefusal.of(
                    412,
                    "PreconditionFailedException",
                    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API"
                            + " to retrieve the latest Revision Id");
        }
    }
}
