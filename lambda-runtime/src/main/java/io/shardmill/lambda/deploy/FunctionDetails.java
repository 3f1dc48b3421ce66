package io.shardmill.lambda.deploy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * What Lambda reports of a function, or of a published version, beyond its configuration.
 *
 * @param version {@link #LATEST} or a number
 * @param lastModified when code or configuration were changed
 * @param revisionId another one after each change
 */
public record FunctionDetails(
        String version, CodeDigest code, FunctionLabels labels, Instant lastModified, String revisionId) {

    /** The version that was deployed last. */
    public static final String LATEST = "$LATEST";

    public FunctionDetails {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(lastModified, "lastModified");
        Objects.requireNonNull(revisionId, "revisionId");
    }

    /** Returns the details of a change at this moment. */
    static FunctionDetails now(String version, CodeDigest code, FunctionLabels labels) {
        return new FunctionDetails(
                version,
                code,
                labels,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                UUID.randomUUID().toString());
    }

    FunctionDetails with(FunctionLabels newLabels) {
        return new FunctionDetails(version, code, newLabels, lastModified, revisionId);
    }
}
