package io.shardmill.lambda.deploy;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Another name of one version of a function, which can be pointed at another version.
 *
 * @param name 1 to 128 letters, digits, hyphens and underscores, and not only digits
 * @param version {@code $LATEST} or a published version's number
 * @param revisionId another one after each change
 */
public record FunctionAlias(String name, String version, String description, String revisionId) {

    private static final Pattern NAME = Pattern.compile("(?!^[0-9]+$)[a-zA-Z0-9_-]{1,128}");
    private static final int MAX_DESCRIPTION = 256;

    /** @throws IllegalArgumentException if a value breaks a rule; the message begins with the property's name */
    public FunctionAlias {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(revisionId, "revisionId");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: '" + name
                    + "' must have 1 to 128 letters, digits, hyphens and underscores, and not only digits");
        }
        if (description.length() > MAX_DESCRIPTION) {
            throw new IllegalArgumentException(
                    "description: has " + description.length() + " characters, but must not have more than 256");
        }
    }

    /** Returns an alias with a new revision id. */
    public static FunctionAlias of(String name, String version, String description) {
        return new FunctionAlias(name, version, description, UUID.randomUUID().toString());
    }
}
