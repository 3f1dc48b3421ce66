package io.shardmill.lambda;

import java.util.Arrays;
import java.util.List;

/** The runtimes of Lambda that can be used here. */
public enum LambdaRuntime {
    JAVA17("java17"),
    JAVA21("java21"),
    JAVA25("java25"),
    PROVIDED("provided"),
    PROVIDED_AL2("provided.al2"),
    PROVIDED_AL2023("provided.al2023");

    private static final List<LambdaRuntime> ALL = List.of(values());

    private final String identifier;

    LambdaRuntime(String identifier) {
        this.identifier = identifier;
    }

    /**
     * Returns the runtime of an identifier.
     *
     * @throws IllegalArgumentException if there is none; the message names them all
     */
    public static LambdaRuntime of(String identifier) {
        return ALL.stream()
                .filter(each -> each.identifier.equals(identifier))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("runtime: '" + identifier + "' must be one of "
                        + Arrays.toString(values()) + "; other languages bring an executable named bootstrap and run as"
                        + " " + PROVIDED_AL2023));
    }

    /** Returns whether it runs a Java handler; the others run the code's own executable, {@code bootstrap}. */
    public boolean isJava() {
        return this == JAVA17 || this == JAVA21 || this == JAVA25;
    }

    /** Returns Lambda's identifier, such as {@code java21}. */
    @Override
    public String toString() {
        return identifier;
    }
}
