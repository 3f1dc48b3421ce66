package io.shardmill.lambda;

import io.shardmill.runtime.arn.AwsScope;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A function as it was at one moment: what a host runs. Immutable, and so is the code.
 *
 * @param version {@code $LATEST} or a published version's number
 * @param code a folder laid out as {@code /var/task} is on Lambda
 * @param scope the region and account that the function sees itself in
 */
public record FunctionRevision(FunctionConfiguration configuration, String version, Path code, AwsScope scope) {

    public FunctionRevision withCode(Path newCode) {
        return new FunctionRevision(configuration, version, newCode, scope);
    }

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
        return scope.functionArn(name());
    }
}
