package io.shardmill.lambda.deploy;

import org.jspecify.annotations.Nullable;

/**
 * A deployed function as it is now.
 *
 * @param active whether it can be invoked; batches of a function that can't wait
 * @param failure why its latest code or configuration can't be used, or null; an active function then runs what it had before
 */
public record FunctionDescription(
        FunctionConfiguration configuration,
        boolean active,
        @Nullable String failure) {}
