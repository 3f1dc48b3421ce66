package io.shardmill.lambda;

import io.shardmill.runtime.arn.AwsScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A function as it was at one moment: what a host runs. Immutable, and so is the code.
 *
 * @param version {@code $LATEST} or a published version's number
 * @param code a folder laid out as {@code /var/task} is on Lambda
 * @param layers a folder laid out as {@code /opt} is on Lambda; null without layers
 * @param scope the region and account that the function sees itself in
 */
public record FunctionRevision(
        FunctionConfiguration configuration,
        String version,
        Path code,
        @Nullable Path layers,
        AwsScope scope) {

    /** Has no layers. */
    public FunctionRevision(FunctionConfiguration configuration, String version, Path code, AwsScope scope) {
        this(configuration, version, code, null, scope);
    }

    public FunctionRevision withCode(Path newCode, @Nullable Path newLayers) {
        return new FunctionRevision(configuration, version, newCode, newLayers, scope);
    }

    /** Returns the executable of a custom runtime: the code's, or else that of a layer, if there is one. */
    public Path bootstrap() {
        Path own = code.resolve("bootstrap");
        return layers == null || Files.exists(own) ? own : layers.resolve("bootstrap");
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
