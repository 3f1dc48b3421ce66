package io.shardmill.lambda.deploy;

import io.shardmill.runtime.FunctionSettings;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a function, or of a published version of it. Immutable: a change is another one in its place.
 *
 * @param code its newest usable code, which it is a user of; null if there never was any
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

    /** Its name, with the version's number if it has one. */
    QualifiedName name() {
        return new QualifiedName(
                configuration.name(), details.version().equals(FunctionDetails.LATEST) ? null : details.version());
    }

    /** As the engine needs them. */
    FunctionSettings settings() {
        FunctionSettings settings = configuration.settings();
        return version == null
                ? settings
                : new FunctionSettings(version.hosted().longestInvocation(), settings.reservedConcurrency());
    }

    /** The same code that runs, told of differently. */
    Deployment with(FunctionConfiguration newConfiguration, FunctionDetails newDetails) {
        return new Deployment(newConfiguration, newDetails, code, version, failure, declared);
    }

    FunctionDescription describe() {
        return new FunctionDescription(
                configuration, details, version != null, failure, declared == null ? null : declared.origin());
    }
}
