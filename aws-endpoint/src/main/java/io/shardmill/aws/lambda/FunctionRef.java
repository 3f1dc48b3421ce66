package io.shardmill.aws.lambda;

import org.jspecify.annotations.Nullable;

/**
 * A function, or a version of it.
 *
 * @param qualifier a version or an alias; null for none
 */
record FunctionRef(String name, @Nullable String qualifier) {

    FunctionRef with(@Nullable String newQualifier) {
        return new FunctionRef(name, newQualifier);
    }
}
