package io.shardmill.lambda;

import java.util.Arrays;
import java.util.List;

/** The runtimes of Lambda that can be used here. */
public enum LambdaRuntime {
    JAVA17("java17", Family.JAVA),
    JAVA21("java21", Family.JAVA),
    JAVA25("java25", Family.JAVA),
    PYTHON3_8("python3.8", Family.PYTHON),
    PYTHON3_9("python3.9", Family.PYTHON),
    PYTHON3_10("python3.10", Family.PYTHON),
    PYTHON3_11("python3.11", Family.PYTHON),
    PYTHON3_12("python3.12", Family.PYTHON),
    PYTHON3_13("python3.13", Family.PYTHON),
    PYTHON3_14("python3.14", Family.PYTHON),
    NODEJS18_X("nodejs18.x", Family.NODEJS),
    NODEJS20_X("nodejs20.x", Family.NODEJS),
    NODEJS22_X("nodejs22.x", Family.NODEJS),
    NODEJS24_X("nodejs24.x", Family.NODEJS),
    PROVIDED("provided", Family.PROVIDED),
    PROVIDED_AL2("provided.al2", Family.PROVIDED),
    PROVIDED_AL2023("provided.al2023", Family.PROVIDED);

    /** What a runtime's code is written in. */
    public enum Family {
        JAVA,
        PYTHON,
        NODEJS,
        /** Whatever it is: the code brings an executable, {@code bootstrap}. */
        PROVIDED
    }

    private static final List<LambdaRuntime> ALL = List.of(values());

    private final String identifier;
    private final Family family;

    LambdaRuntime(String identifier, Family family) {
        this.identifier = identifier;
        this.family = family;
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

    public Family family() {
        return family;
    }

    /** Returns whether it runs a Java handler. */
    public boolean isJava() {
        return family == Family.JAVA;
    }

    /** Returns whether an interpreter of this system runs the code. */
    public boolean isInterpreted() {
        return family == Family.PYTHON || family == Family.NODEJS;
    }

    /** Returns the version of the language that it names, such as {@code 3.12}, {@code 20} or {@code 17}; empty if it names none. */
    public String languageVersion() {
        return switch (family) {
            case JAVA -> identifier.substring("java".length());
            case PYTHON -> identifier.substring("python".length());
            case NODEJS -> identifier.substring("nodejs".length(), identifier.length() - ".x".length());
            case PROVIDED -> "";
        };
    }

    /** Returns Lambda's identifier, such as {@code java21}. */
    @Override
    public String toString() {
        return identifier;
    }
}
