package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Verifies that requests are signed with the endpoint's credentials, now. Thread-safe. */
final class SignatureCheck {

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final String BODY_HASH = "x-amz-content-sha256";

    private final EndpointCredentials credentials;
    private final InstantSource clock;

    SignatureCheck(EndpointCredentials credentials, InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /** A signature that has only to be compared with the body. */
    record Claim(Authorization authorization, Instant date) {}

    /** Checks everything but the signature itself, before there is a body. */
    Claim check(AwsService service, RequestHead head) {
        Authorization authorization = Authorization.of(head);
        if (!service.signingName().equals(authorization.scope().service())) {
            throw invalid("Credential should be scoped to correct service: '" + service.signingName() + "'.");
        }
        checkSignedHeaders(head, authorization);
        Instant date = date(head);
        checkDate(date, authorization.scope());
        if (!credentials.accessKeyId().equals(authorization.accessKeyId())) {
            throw new AwsException(
                    403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }
        String hash = head.header(BODY_HASH);
        if (hash != null && !hash.matches("[0-9a-f]{64}")) {
            throw invalid("The body must be signed as a whole, and '" + hash + "' does not.");
        }
        return new Claim(authorization, date);
    }

    /** Compares the signature that {@link #check} found with the request's. */
    void verify(Claim claim, AwsRequest request) {
        Authorization authorization = claim.authorization();
        String hash = request.head().header(BODY_HASH);
        String expected =
                SignatureV4.of(request, authorization, BASIC.format(claim.date()), credentials.secretAccessKey());
        if (!same(expected, authorization.signature())
                || (hash != null && !same(SignatureV4.sha256(request.body()), hash))) {
            throw invalid("The request signature we calculated does not match the signature you provided. Check your"
                    + " AWS Secret Access Key and signing method. Consult the service documentation for details.");
        }
    }

    /** So that nobody between can change what a header means. */
    private static void checkSignedHeaders(RequestHead head, Authorization authorization) {
        if (!authorization.signedHeaders().contains("host")) {
            throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        for (String name : head.headers().keySet()) {
            if (name.startsWith("x-amz-") && !authorization.signedHeaders().contains(name)) {
                throw invalid("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
    }

    private void checkDate(Instant date, Authorization.Scope scope) {
        String text = BASIC.format(date);
        if (!text.startsWith(scope.date() + "T")) {
            throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + scope.date() + "' != '" + text.substring(0, 8) + "', from '" + text + "'.");
        }
        Instant now = clock.instant();
        if (date.isBefore(now.minus(SKEW))) {
            throw invalid("Signature expired: " + text + " is now earlier than " + BASIC.format(now.minus(SKEW)) + " ("
                    + BASIC.format(now) + " - 5 min.)");
        }
        if (date.isAfter(now.plus(SKEW))) {
            throw invalid("Signature not yet current: " + text + " is still later than " + BASIC.format(now.plus(SKEW))
                    + " (" + BASIC.format(now) + " + 5 min.)");
        }
    }

    private static Instant date(RequestHead head) {
        String date = head.header("x-amz-date");
        if (date == null) {
            date = head.header("date");
        }
        if (date == null) {
            throw Authorization.incomplete(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        }
        Instant parsed = basic(date);
        if (parsed == null) {
            parsed = ofHttp(date);
        }
        if (parsed == null) {
            throw Authorization.incomplete("Date must be in ISO-8601 'basic format'. Got '" + date + "'.");
        }
        return parsed;
    }

    private static @Nullable Instant basic(String date) {
        try {
            return LocalDateTime.parse(date, BASIC).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException other) {
            return null;
        }
    }

    private static @Nullable Instant ofHttp(String date) {
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException other) {
            return null;
        }
    }

    /** In a time that says nothing about where they differ. */
    private static boolean same(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), actual.getBytes(StandardCharsets.UTF_8));
    }

    private static AwsException invalid(String message) {
        return new AwsException(403, "InvalidSignatureException", message);
    }
}
