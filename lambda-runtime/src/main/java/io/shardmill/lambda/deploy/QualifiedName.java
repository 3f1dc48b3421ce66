package io.shardmill.lambda.deploy;

import org.jspecify.annotations.Nullable;

/**
 * The name by which a mapping or a caller refers to a function.
 *
 * @param qualifier an alias or a version's number; null for what was deployed last, which is also written {@code $LATEST}
 */
record QualifiedName(String function, @Nullable String qualifier) {

    static QualifiedName of(String function, @Nullable String qualifier) {
        return new QualifiedName(function, FunctionDetails.LATEST.equals(qualifier) ? null : qualifier);
    }

    /** Parses a name such as {@code delays} or {@code delays:PROD}. */
    static QualifiedName parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? of(text, null) : of(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return qualifier == null ? function : function + ":" + qualifier;
    }
}
