package io.shardmill.lambda;

import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Describes a function, but for its code, in the ranges of Lambda's {@code CreateFunction}. Filled from YAML and from the API, and
 * handed down as it is to the host.
 *
 * @param name 1 to 64 letters, digits, hyphens and underscores
 * @param description up to 256 characters
 * @param memoryMegabytes 128 to 10,240; what all processes of an execution environment may hold together, or the heap of a Java
 *     function's process
 * @param settings its timeout and reserved concurrency
 */
public record FunctionConfiguration(
        String name,
        String description,
        Program program,
        int memoryMegabytes,
        FunctionSettings settings,
        Isolation isolation) {

    public static final int DEFAULT_MEMORY = 128;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final int MAX_MEMORY = 10_240;
    private static final int MAX_DESCRIPTION = 256;

    /** @throws IllegalArgumentException if a value breaks a rule; the message begins with the property's name */
    public FunctionConfiguration {
        Objects.requireNonNull(program, "program");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(isolation, "isolation");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name: '" + name + "' must have 1 to 64 letters, digits, hyphens and underscores");
        }
        if (description.length() > MAX_DESCRIPTION) {
            throw new IllegalArgumentException(
                    "description: has " + description.length() + " characters, but must not have more than 256");
        }
        if (memoryMegabytes < DEFAULT_MEMORY || memoryMegabytes > MAX_MEMORY) {
            throw new IllegalArgumentException("memory: " + memoryMegabytes + " must be between 128 and 10240 (MB)");
        }
        if (isolation == Isolation.JVM && !program.runtime().isJava()) {
            throw new IllegalArgumentException("isolation: jvm can't be with runtime " + program.runtime()
                    + ", which runs a program of its own; it must be process");
        }
        if (isolation == Isolation.JVM && program.user() != null) {
            throw new IllegalArgumentException(
                    "user: '" + program.user() + "'; isolation jvm can't change users; use isolation process");
        }
    }

    /** Returns a configuration with Lambda's defaults, in a process. */
    public static FunctionConfiguration of(String name, LambdaRuntime runtime, String handler) {
        return new FunctionConfiguration(
                name,
                "",
                new Program(runtime, handler, Map.of()),
                DEFAULT_MEMORY,
                FunctionSettings.defaults(),
                Isolation.PROCESS);
    }

    public FunctionConfiguration with(Program newProgram) {
        return new FunctionConfiguration(name, description, newProgram, memoryMegabytes, settings, isolation);
    }

    public FunctionConfiguration with(FunctionSettings newSettings) {
        return new FunctionConfiguration(name, description, program, memoryMegabytes, newSettings, isolation);
    }

    public FunctionConfiguration with(Isolation newIsolation) {
        return new FunctionConfiguration(name, description, program, memoryMegabytes, settings, newIsolation);
    }
}
