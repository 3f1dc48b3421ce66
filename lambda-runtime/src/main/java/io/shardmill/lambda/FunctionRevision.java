package io.shardmill.lambda;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A function as it was at one moment: what a host runs. Immutable, and so is the code.
 *
 * @param version {@code $LATEST} or a published version's number
 * @param code a folder laid out as {@code /var/task} is on Lambda
 */
public record FunctionRevision(FunctionConfiguration configuration, String version, Path code) {

    /** Region and account of all functions. */
    public static final String REGION = "us-east-1";

    public static final String ACCOUNT = "000000000000";

    public String name() {
        return configuration.name();
    }

    public Program program() {
        return configuration.program();
    }

    public Duration timeout() {
        return configuration.settings().timeout();
    }

    /** Returns the function's ARN, without a qualifier. */
    public String arn() {
        return arn(name());
    }

    /** Returns the ARN of a function of that name, which may be qualified. */
    public static String arn(String function) {
        return "arn:aws:lambda:" + REGION + ":" + ACCOUNT + ":function:" + function;
    }
}
