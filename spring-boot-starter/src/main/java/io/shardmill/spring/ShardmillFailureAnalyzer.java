package io.shardmill.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the configuration, in place of a stack trace. */
final class ShardmillFailureAnalyzer extends AbstractFailureAnalyzer<ShardmillConfigurationException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ShardmillConfigurationException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Change "
                        + (cause.getSuppressed().length == 0 ? cause.property() : "these properties")
                        + " in the application's configuration.",
                cause);
    }
}
