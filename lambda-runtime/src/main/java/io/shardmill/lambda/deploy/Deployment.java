package io.shardmill.lambda.deploy;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.runtime.FunctionSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of a function, or of a published version of it. Immutable: a change puts another one in its place.
 *
 * @param code its newest usable code, of which it is a user; null if there was never any
 * @param version what runs; null if nothing can
 * @param failure why the latest change, or the function at all, can't be used
 * @param declared where the application's configuration has it from; null for one that was created at run time
 */
record Deployment(
        FunctionConfiguration configuration,
        FunctionDetails details,
        @Nullable CodeRevision code,
        @Nullable FunctionVersion version,
        @Nullable String failure,
        @Nullable Declaration declared) {

    /**
     * A function of the application's configuration.
     *
     * @param origin the property it is under
     */
    record Declaration(String origin, CodeWatch watch) {}

    /** Returns its name, with the version's number if it has one. */
    QualifiedName name() {
        return new QualifiedName(
                configuration.name(), details.version().equals(FunctionDetails.LATEST) ? null : details.version());
    }

    /** Returns what the engine needs: the host keeps the timeout, and {@link Deployments} the reserved concurrency. */
    FunctionSettings settings() {
        Duration longest = version == null
                ? configuration.settings().timeout()
                : version.hosted().longestInvocation();
        return new FunctionSettings(longest, FunctionSettings.UNLIMITED);
    }

    /** Returns the same running code with a new configuration and details. */
    Deployment with(FunctionConfiguration newConfiguration, FunctionDetails newDetails) {
        return new Deployment(newConfiguration, newDetails, code, version, failure, declared);
    }

    FunctionDescription describe() {
        return new FunctionDescription(
                configuration, details, version != null, failure, declared == null ? null : declared.origin());
    }
}
