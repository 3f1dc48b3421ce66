package io.shardmill.lambda.deploy;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Settings of a function that are reported as they were given and have no effect on how it runs.
 *
 * @param role an IAM role's ARN, which events name too; empty if none was given
 * @param architecture {@code x86_64} or {@code arm64}
 * @param tags by their keys
 * @param ignored settings of Lambda's that mean nothing here, as JSON, by their names
 */
public record FunctionLabels(String role, String architecture, Map<String, String> tags, Map<String, String> ignored) {

    /** The metadata of a function that was given none. */
    public static final FunctionLabels NONE = new FunctionLabels("", thisMachine(), Map.of(), Map.of());

    public FunctionLabels {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(architecture, "architecture");
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        ignored = Collections.unmodifiableMap(new TreeMap<>(ignored));
    }

    /** Returns the architecture of this machine, as Lambda names it. */
    public static String thisMachine() {
        return System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "x86_64";
    }

    public FunctionLabels withRole(String newRole) {
        return new FunctionLabels(newRole, architecture, tags, ignored);
    }

    public FunctionLabels withArchitecture(String newArchitecture) {
        return new FunctionLabels(role, newArchitecture, tags, ignored);
    }

    public FunctionLabels withTags(Map<String, String> newTags) {
        return new FunctionLabels(role, architecture, newTags, ignored);
    }

    public FunctionLabels withIgnored(Map<String, String> newIgnored) {
        return new FunctionLabels(role, architecture, tags, newIgnored);
    }
}
