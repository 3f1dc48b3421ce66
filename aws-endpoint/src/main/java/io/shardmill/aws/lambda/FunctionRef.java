package io.shardmill.aws.lambda;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request names a function by: a name, a partial ARN or a whole one, with or without a qualifier.
 *
 * @param qualifier a version or an alias; null for none
 */
record FunctionRef(String name, @Nullable String qualifier) {

    /** As embedded streams have them. */
    static final String SCOPE = "us-east-1:000000000000";

    private static final String QUALIFIER = "\\$LATEST|[a-zA-Z0-9_-]{1,128}";
    private static final Pattern REFERENCE = Pattern.compile(
            "(?:(?:arn:[^:]*:lambda:[^:]*:)?[0-9]{12}:)?(?:function:)?([a-zA-Z0-9_-]{1,64})(?::(" + QUALIFIER + "))?");
    private static final Pattern QUALIFIERS = Pattern.compile(QUALIFIER);

    /** AWS's text of the rule. */
    private static final String NAME_RULE = "satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?"
            + "([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";

    /**
     * Of a path and a parameter, which may both have the qualifier.
     *
     * @throws LambdaRefusal if it is no reference, or they contradict each other
     */
    static FunctionRef of(String reference, @Nullable String qualifier) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw LambdaRefusal.constraint("functionName", reference, NAME_RULE);
        }
        if (qualifier != null && !QUALIFIERS.matcher(qualifier).matches()) {
            throw LambdaRefusal.constraint(
                    "qualifier", qualifier, "satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)");
        }
        String own = parts.group(2);
        if (own != null && qualifier != null && !own.equals(qualifier)) {
            throw LambdaRefusal.invalid(
                    "The derived qualifier from the function name does not match the specified qualifier.");
        }
        return new FunctionRef(parts.group(1), own == null ? qualifier : own);
    }

    static String arn(String name, @Nullable String qualifier) {
        return "arn:aws:lambda:" + SCOPE + ":function:" + name + (qualifier == null ? "" : ":" + qualifier);
    }

    /** With the qualifier exactly as it is given. */
    String arn() {
        return arn(name, qualifier);
    }

    FunctionRef with(String newQualifier) {
        return new FunctionRef(name, newQualifier);
    }

    LambdaRefusal notFound() {
        return LambdaRefusal.notFound("Function not found: " + arn());
    }
}
