package io.shardmill.lambda.deploy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * What Lambda tells of a function, or of a published version, beyond how it is run.
 *
 * @param version {@link #LATEST} or a number
 * @param lastModified when code or configuration were changed
 * @param revisionId another one after each change
 */
public record FunctionDetails(
        String version, CodeFacts code, FunctionLabels labels, Instant lastModified, String revisionId) {

    /** What was deployed last. */
    public static final String LATEST = "$LATEST";

    /** Of what is changed now. */
    static FunctionDetails now(String version, CodeFacts code, FunctionLabels labels) {
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
