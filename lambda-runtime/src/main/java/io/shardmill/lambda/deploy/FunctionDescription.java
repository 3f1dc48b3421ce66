package io.shardmill.lambda.deploy;

import io.shardmill.lambda.FunctionConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A deployed function, or a published version of it, as it is now.
 *
 * @param active whether it can be invoked; batches of a function that can't wait
 * @param failure why its latest code or configuration can't be used, or null; an active function then runs what it had before
 * @param origin the property of the application's configuration that declares it; null if it was created at run time
 */
public record FunctionDescription(
        FunctionConfiguration configuration,
        FunctionDetails details,
        boolean active,
        @Nullable String failure,
        @Nullable String origin) {}
