package io.shardmill.lambda.deploy;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of a function that are reported as they were given and have no effect on how it runs.
 *
 * @param role an IAM role's ARN, which events name too; empty if none was given
 * @param architecture {@code x86_64} or {@code arm64}
 * @param tags by their keys
 */
public record FunctionLabels(String role, String architecture, Map<String, String> tags) {

    /** The metadata of a function that was given none. */
    public static final FunctionLabels NONE = new FunctionLabels("", thisMachine(), Map.of());

    public FunctionLabels {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** Returns the architecture of this machine, as Lambda names it. */
    public static String thisMachine() {
        return System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "x86_64";
    }

    public FunctionLabels withRole(String newRole) {
        return new FunctionLabels(newRole, architecture, tags);
    }

    public FunctionLabels withArchitecture(String newArchitecture) {
        return new FunctionLabels(role, newArchitecture, tags);
    }

    public FunctionLabels withTags(Map<String, String> newTags) {
        return new FunctionLabels(role, architecture, newTags);
    }
}
